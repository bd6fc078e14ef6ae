#include "mapping/mapped_rows.h"

#include "linalg/product.h"

#include <xalign/normalize.h>

#include <algorithm>

namespace xalign {

Matrix mapped_unit_rows(ConstRows rows, const Matrix& map) {
  Matrix mapped = multiply(rows, map);
  normalize_rows(mapped);
  return mapped;
}

Matrix mapped_unit_rows(ConstRows rows, const std::vector<Index>& indices, const Matrix& map) {
  return mapped_unit_rows(Matrix(rows(indices, Eigen::all)), map);
}

std::vector<Index> sorted_unique(std::vector<Index> indices) {
  std::sort(indices.begin(), indices.end());
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
  return indices;
}

Index position_of(const std::vector<Index>& sorted, Index index) {
  return static_cast<Index>(std::lower_bound(sorted.begin(), sorted.end(), index) - sorted.begin());
}

}  // namespace xalign
