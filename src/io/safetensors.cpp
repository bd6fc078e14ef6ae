#include "io/safetensors.h"

#include "io/array_vectors.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>

namespace xalign {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kLongestHeader = 100'000'000;  // as the format's own reader allows
constexpr std::size_t kWrittenHeader = 256;
constexpr std::size_t kExamples = 5;

const std::map<std::string, NumberType> kTypes = {{"F16", NumberType::f16},
                                                  {"BF16", NumberType::bf16},
                                                  {"F32", NumberType::f32},
                                                  {"F64", NumberType::f64}};

struct Tensor {
  std::string name;
  std::string type;
  std::vector<std::uint64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  bool is_matrix() const { return shape.size() == 2 && kTypes.contains(type); }
  std::string text() const {
    std::string extents;
    for (const std::uint64_t extent : shape)
      extents += fmt::format("{}{}", extents.empty() ? "" : " x ", extent);
    return fmt::format("{} ({} {})", printable(name), printable(type), extents);
  }
};

[[noreturn]] void fail(const std::string& name, const std::string& found) {
  throw Error(ErrorKind::data, name, found, "a .safetensors file", "get the file again");
}

std::uint64_t whole_number(const Json& value, const std::string& name) {
  if (!value.is_number_unsigned()) fail(name, "a header with a damaged number");
  return value.get<std::uint64_t>();
}

std::vector<Tensor> read_tensors(std::string_view text, const std::string& name) {
  std::vector<Tensor> tensors;
  try {
    const Json header = Json::parse(text);
    if (!header.is_object()) fail(name, "a damaged header");
    for (const auto& [key, value] : header.items()) {
      if (key == "__metadata__") continue;
      Tensor tensor{key, value.at("dtype").get<std::string>(), {}};
      for (const Json& extent : value.at("shape"))
        tensor.shape.push_back(whole_number(extent, name));
      tensor.begin = whole_number(value.at("data_offsets").at(0), name);
      tensor.end = whole_number(value.at("data_offsets").at(1), name);
      tensors.push_back(std::move(tensor));
    }
  } catch (const Json::exception&) {
    fail(name, "a damaged header");
  }
  return tensors;
}

std::string list_of(const std::vector<Tensor>& tensors) {
  std::string list;
  for (std::size_t i = 0; i < std::min(tensors.size(), kExamples); ++i)
    list += (i > 0 ? ", " : "") + tensors[i].text();
  return tensors.size() > kExamples ? list + ", ..." : list;
}

Tensor choose(const std::vector<Tensor>& tensors, const std::string& wanted,
              const std::string& name) {
  std::vector<Tensor> matrices;
  for (const Tensor& tensor : tensors) {
    if (tensor.name == wanted && !tensor.is_matrix())
      throw Error(ErrorKind::data, name, tensor.text(), "a matrix of F16, BF16, F32 or F64",
                  "name another with --tensor");
    if (tensor.is_matrix() && (wanted.empty() || tensor.name == wanted)) matrices.push_back(tensor);
  }
  if (matrices.size() == 1) return matrices.front();
  if (!wanted.empty())
    throw Error(ErrorKind::data, name, fmt::format("no tensor '{}'", printable(wanted)),
                tensors.empty() ? "one of this file" : "one of " + list_of(tensors),
                "name another with --tensor");
  if (matrices.empty())
    throw Error(ErrorKind::data, name,
                tensors.empty() ? "no tensors" : "no matrix of floats: " + list_of(tensors),
                "a matrix, words x dimensions, of F16, BF16, F32 or F64",
                "is this the right file?");
  throw Error(ErrorKind::data, name,
              fmt::format("{} matrices: {}", matrices.size(), list_of(matrices)), "one",
              "choose one with --tensor NAME");
}

std::uint64_t header_length(std::string_view start) {
  std::uint64_t length = 0;
  if (start.size() >= kLengthBytes) std::memcpy(&length, start.data(), kLengthBytes);
  return length;
}

}  // namespace

bool is_safetensors(ByteInput& input) {
  const std::string_view start = input.peek(kLengthBytes + 2);
  const std::uint64_t length = header_length(start);
  if (length < 2 || length > kLongestHeader || start.size() < kLengthBytes + 2) return false;
  return start[kLengthBytes] == '{' &&
         (start[kLengthBytes + 1] == '"' || start[kLengthBytes + 1] == '}' ||
          start[kLengthBytes + 1] == ' ');
}

std::unique_ptr<RowSource> open_safetensors(std::unique_ptr<ByteInput> input,
                                            const ReadOptions& options) {
  const std::string name = input->name();
  std::string_view start = input->peek(kLengthBytes + 1);
  const std::uint64_t length = header_length(start);
  if (length < 2 || length > kLongestHeader || !start.substr(kLengthBytes).starts_with('{'))
    throw Error(ErrorKind::data, name, "no safetensors file", "a .safetensors file",
                "is this the right file?");
  start = input->peek(kLengthBytes + length);
  if (start.size() < kLengthBytes + length) fail(name, "a header that is cut short");
  const std::vector<Tensor> tensors = read_tensors(start.substr(kLengthBytes, length), name);
  const Tensor tensor = choose(tensors, options.tensor, name);
  ArrayLayout layout;
  layout.type = kTypes.at(tensor.type);
  layout.rows = tensor.shape[0];
  layout.columns = tensor.shape[1];
  for (const Tensor& other : tensors)
    if (other.end > tensor.end)
      layout.bytes_after = std::max(layout.bytes_after, other.end - tensor.end);
  const std::uint64_t number_bytes = size_of(layout.type);
  if (tensor.end < tensor.begin || layout.columns == 0 ||
      layout.rows != (tensor.end - tensor.begin) / number_bytes / layout.columns ||
      layout.rows * layout.columns * number_bytes != tensor.end - tensor.begin)
    fail(name, fmt::format("{} at {} to {}", tensor.text(), tensor.begin, tensor.end));
  input->take(kLengthBytes + length);
  if (!input->skip(tensor.begin)) fail(name, tensor.text() + " behind the end of the file");
  return open_array(std::move(input), VectorFormat::safetensors, layout, options);
}

std::unique_ptr<RowSink> create_safetensors(const SinkRequest& request) {
  const std::size_t bytes = size_of(array_type(request));
  return create_array(request, [bytes, columns = request.dimension](std::uint64_t rows) {
    const Json json = {
        {"vectors",
         {{"dtype", fmt::format("F{}", 8 * bytes)},
          {"shape", {rows, columns}},
          {"data_offsets",
           {std::uint64_t{0}, rows * static_cast<std::uint64_t>(columns) * bytes}}}}};
    const std::uint64_t length = kWrittenHeader - kLengthBytes;
    std::string header(kLengthBytes, '\0');
    std::memcpy(header.data(), &length, kLengthBytes);
    return header + fmt::format("{:<{}}", json.dump(), length);
  });
}

}  // namespace xalign
