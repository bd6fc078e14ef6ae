#include "io/fasttext_file.h"
#include "io/output_file.h"

#include <xalign/aligned_model.h>
#include <xalign/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace xalign {
namespace {

using Kind = Normalizer::Operation::Kind;

constexpr std::uint64_t kBlockRows = 4096;

/// The side without its changes of length.
SideMap affine_part(const SideMap& side) {
  std::vector<Normalizer::Operation> operations;
  for (const Normalizer::Operation& operation : side.normalizer.operations())
    if (operation.kind != Kind::unit) operations.push_back(operation);
  return {Normalizer({}, std::move(operations)), side.matrix, {}};
}

}  // namespace

ModelFit find_model_fit(const SideMap& side) {
  bool lengths_set = false;
  for (const Normalizer::Operation& operation : side.normalizer.operations()) {
    // The nearest centre of a word is not that of its parts.
    if (operation.kind == Kind::clusters) return ModelFit::none;
    if (operation.kind == Kind::center && (lengths_set || operation.values.rows() > 1))
      return ModelFit::none;
    lengths_set = lengths_set || operation.kind == Kind::unit;
  }
  return lengths_set ? ModelFit::directions : ModelFit::exact;
}

void write_aligned_model(const SideMap& side, const std::string& model, const std::string& output,
                         const Progress& progress) {
  if (find_model_fit(side) == ModelFit::none)
    throw Error(ErrorKind::config, output,
                "this mapping sets lengths before it removes a mean, which no model can hold",
                "a mapping that is linear, such as one of --normalize none or center",
                "write vectors instead (-o NAME.vec), which are mapped after look-up");
  if (side.matrix.rows() != side.matrix.cols())
    throw Error(
        ErrorKind::config, output,
        fmt::format("a mapping from {} to {} dimensions", side.matrix.rows(), side.matrix.cols()),
        "one that keeps their number, for a model",
        "write vectors instead (-o NAME.vec), which are mapped after look-up");
  const FastTextFile file(ByteInput::open(model));
  if (file.dimension() != side.matrix.rows())
    throw Error(ErrorKind::data, model, fmt::format("{} dimensions", file.dimension()),
                fmt::format("{}, as the mapping was learned on", side.matrix.rows()),
                "is this the other side?");
  const SideMap affine = affine_part(side);
  const std::string_view bytes = file.bytes();
  const std::size_t row_bytes = static_cast<std::size_t>(file.dimension()) * sizeof(float);
  OutputFile out(output);
  out.write(bytes.substr(0, file.matrix_begin()));
  for (std::uint64_t done = 0; done < file.matrix_rows(); done += kBlockRows) {
    const std::uint64_t rows = std::min(kBlockRows, file.matrix_rows() - done);
    Matrix block(static_cast<Eigen::Index>(rows), file.dimension());
    std::memcpy(block.data(), bytes.data() + file.matrix_begin() + done * row_bytes,
                rows * row_bytes);
    affine.apply_in_place(block);
    out.write({reinterpret_cast<const char*>(block.data()), rows * row_bytes});
    if (progress) progress({"write " + output, done + rows, file.matrix_rows()});
  }
  out.write(bytes.substr(file.matrix_begin() + file.matrix_rows() * row_bytes));
  out.close();
}

}  // namespace xalign
