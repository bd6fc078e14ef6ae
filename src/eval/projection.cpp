#include "linalg/decompositions.h"
#include "linalg/product.h"

#include <xalign/error.h>
#include <xalign/projection.h>

#include <algorithm>

namespace xalign {

Matrix Projection::apply(ConstRows rows) const {
  return (rows.rowwise() - mean) * axes;
}

Projection fit_projection(ConstRows rows, int count) {
  if (rows.rows() == 0) throw Error(ErrorKind::data, "rows", "none", "at least one");
  Projection projection;
  projection.mean = rows.cast<double>().colwise().mean().cast<float>();
  const Matrix centered = rows.rowwise() - projection.mean;
  const SymmetricEigen eigen = symmetric_eigen(cross_product(centered, centered), "projection");
  const Eigen::Index found = std::min<Eigen::Index>(count, rows.cols());
  projection.axes = eigen.vectors.rightCols(found).rowwise().reverse().cast<float>();
  for (Eigen::Index c = 0; c < found; ++c) {
    Eigen::Index largest = 0;
    projection.axes.col(c).cwiseAbs().maxCoeff(&largest);
    if (projection.axes(largest, c) < 0) projection.axes.col(c) *= -1;
  }
  return projection;
}

}  // namespace xalign
