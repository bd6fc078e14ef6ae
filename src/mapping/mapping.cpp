#include "core/hash.h"
#include "core/parallel_for.h"
#include "linalg/product.h"

#include <xalign/error.h>
#include <xalign/mapping.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace xalign {
namespace {

constexpr std::size_t kBlockRows = 512;

void check_dimension(const Matrix& map, Eigen::Index columns) {
  if (columns != map.rows())
    throw Error(ErrorKind::data, "mapping", fmt::format("vectors of dimension {}", columns),
                fmt::format("dimension {}, as the mapping was learned on", map.rows()),
                "check that the vectors belong to this side of the mapping");
}

/// Keeps the first `columns` columns, in the memory of all of them.
void keep_columns(Matrix& rows, Eigen::Index columns) {
  const Eigen::Index count = rows.rows(), before = rows.cols();
  if (columns == before) return;
  const auto bytes = static_cast<std::size_t>(columns) * sizeof(float);
  for (Eigen::Index i = 0; i < count; ++i)
    std::memmove(rows.data() + i * columns, rows.data() + i * before, bytes);
  // Resizing to the same number of values keeps them, and a single column shrinks in its place.
  rows.resize(count * before, 1);
  rows.conservativeResize(count * columns, 1);
  rows.resize(count, columns);
}

bool contains(const std::vector<std::uint64_t>& sorted, std::uint64_t hash) {
  return std::binary_search(sorted.begin(), sorted.end(), hash);
}

}  // namespace

Matrix SideMap::apply(ConstRows rows) const {
  check_dimension(matrix, rows.cols());
  Matrix mapped(rows.rows(), matrix.cols());
  const Blocks blocks{static_cast<std::size_t>(rows.rows()), kBlockRows};
  parallel_for(blocks.count(), [&](std::size_t i) {
    const auto begin = static_cast<Eigen::Index>(blocks.begin(i));
    const auto length = static_cast<Eigen::Index>(blocks.length(i));
    Matrix block = rows.middleRows(begin, length);
    normalizer.apply(block);
    multiply_rows(block, matrix, mapped.middleRows(begin, length));
  });
  return mapped;
}

void SideMap::apply_in_place(Matrix& rows) const {
  check_dimension(matrix, rows.cols());
  if (matrix.cols() > matrix.rows()) {
    rows = apply(rows);
    return;
  }
  const Blocks blocks{static_cast<std::size_t>(rows.rows()), kBlockRows};
  parallel_for(blocks.count(), [&](std::size_t i) {
    auto block = rows.middleRows(static_cast<Eigen::Index>(blocks.begin(i)),
                                 static_cast<Eigen::Index>(blocks.length(i)));
    normalizer.apply(block);
    Matrix product(block.rows(), matrix.cols());
    multiply_rows(block, matrix, product);
    block.leftCols(matrix.cols()) = product;
  });
  keep_columns(rows, matrix.cols());
}

bool TrainingRecord::has_source(std::string_view word) const {
  return contains(source_words, hash_text(word));
}

bool TrainingRecord::has_target(std::string_view word) const {
  return contains(target_words, hash_text(word));
}

bool TrainingRecord::has_pair(std::string_view source, std::string_view target) const {
  return contains(word_pairs, hash_pair(source, target));
}

}  // namespace xalign
