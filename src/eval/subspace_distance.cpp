#include "eval/moments.h"

#include <xalign/error.h>
#include <xalign/subspace_distance.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

constexpr double kFloor = 1e-6;

Eigen::Index directions_for(const VectorD& ascending, double share) {
  const VectorD values = ascending.cwiseMax(0).reverse();
  const double wanted = share * values.sum();
  Eigen::Index count = 0;
  for (double held = 0; count < values.size() && held < wanted; ++count) held += values[count];
  return count;
}

MatrixD with_floor(const MatrixD& covariance) {
  const auto d = covariance.rows();
  return covariance +
         kFloor * covariance.trace() / static_cast<double>(d) * MatrixD::Identity(d, d);
}

}  // namespace

SubspaceDistance measure_subspace_distance(ConstRows source, ConstRows target, double variance) {
  if (source.cols() != target.cols() || source.rows() < 2 || target.rows() < 2)
    throw Error(ErrorKind::data, "subspaces",
                fmt::format("{} x {} and {} x {} vectors", source.rows(), source.cols(),
                            target.rows(), target.cols()),
                "at least 2 on each side, of one dimension");
  const MatrixD k_a = moments_of(source).covariance, k_b = moments_of(target).covariance;
  const SymmetricEigen a = symmetric_eigen(k_a, "subspaces"), b = symmetric_eigen(k_b, "subspaces");
  SubspaceDistance result;
  result.directions =
      std::max(directions_for(a.values, variance), directions_for(b.values, variance));
  if (result.directions == 0) return result;  // no variance at all
  const double shared =
      (a.vectors.rightCols(result.directions).transpose() * b.vectors.rightCols(result.directions))
          .squaredNorm();
  result.chordal = std::sqrt(std::max(0.0, 1 - shared / static_cast<double>(result.directions)));
  const MatrixD root = symmetric_roots(with_floor(k_a), 0, 0, "subspaces").inverse_root;
  const VectorD ratios = symmetric_eigenvalues(root * with_floor(k_b) * root, "subspaces");
  result.riemannian = ratios.cwiseMax(1e-300).array().log().matrix().norm();
  return result;
}

}  // namespace xalign
