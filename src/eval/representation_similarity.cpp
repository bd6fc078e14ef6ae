#include "eval/moments.h"

#include <xalign/error.h>
#include <xalign/representation_similarity.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace xalign {
namespace {

constexpr double kTolerance = 1e-9;  // of eigenvalues, which are sums in double precision
// Cosines of equal rows differ by the rounding of unit rows in single precision: no variance.
constexpr double kEqualCosines = 1e-13;

void require_paired(ConstRows source, ConstRows target) {
  if (source.rows() != target.rows() || source.rows() < 2)
    throw Error(ErrorKind::data, "paired rows",
                fmt::format("{} and {} rows", source.rows(), target.rows()),
                "the same number on both sides, at least 2");
  if (!source.allFinite() || !target.allFinite())
    throw Error(ErrorKind::data, "paired rows", "a vector with values that are not finite",
                "finite numbers", "remove the vector");
}

double quotient(double a, double b) {
  return b > 0 ? a / b : 0;
}

Matrix unit_rows(ConstRows rows) {
  Matrix unit = rows;
  for (Eigen::Index i = 0; i < unit.rows(); ++i) {
    const double length = rows.row(i).cast<double>().norm();
    if (length > 0) unit.row(i) = (rows.row(i).cast<double>() / length).cast<float>();
  }
  return unit;
}

/// Sums over all i < j of a cosine, and of its square.
struct CosineSums {
  double sum, squares;
};

CosineSums cosine_sums(const Matrix& unit, const MatrixD& gram) {
  // |X' X|_F^2 = sum over i, j of (x_i . x_j)^2; the diagonal holds the lengths.
  double own = 0, own_squares = 0;
  for (Eigen::Index i = 0; i < unit.rows(); ++i) {
    const double square = unit.row(i).cast<double>().squaredNorm();
    own += square;
    own_squares += square * square;
  }
  const double all = (mean_row(unit) * static_cast<double>(unit.rows())).squaredNorm();
  return {(all - own) / 2, (gram.squaredNorm() - own_squares) / 2};
}

/// The principal directions that hold this share of the variance, largest last.
MatrixD principal_directions(const MatrixD& covariance, double share) {
  const SymmetricEigen eigen = symmetric_eigen(covariance, "SVCCA");
  const VectorD values = eigen.values.cwiseMax(0);
  Eigen::Index count = 0;
  for (double held = 0; count < values.size() && held < share * values.sum(); ++count)
    held += values[values.size() - 1 - count];
  return eigen.vectors.rightCols(std::max<Eigen::Index>(count, 1));
}

/// svd(C_x^-1/2 C_xy C_y^-1/2): its singular values are the canonical correlations.
Svd canonical(const SymmetricRoots& source, const MatrixD& cross, const SymmetricRoots& target) {
  return svd(source.inverse_root * cross * target.inverse_root, "CCA");
}

SymmetricRoots roots(const MatrixD& covariance) {
  return symmetric_roots(covariance, 0, kTolerance, "CCA");
}

}  // namespace

double relational_similarity(ConstRows source, ConstRows target) {
  require_paired(source, target);
  const Matrix x = unit_rows(source), z = unit_rows(target);
  const CosineSums a = cosine_sums(x, exact_cross_product(x, x));
  const CosineSums b = cosine_sums(z, exact_cross_product(z, z));
  double own = 0;
  for (Eigen::Index i = 0; i < x.rows(); ++i)
    own += x.row(i).cast<double>().squaredNorm() * z.row(i).cast<double>().squaredNorm();
  const double products = (exact_cross_product(x, z).squaredNorm() - own) / 2;
  const double n = static_cast<double>(x.rows()) * static_cast<double>(x.rows() - 1) / 2;
  const double covariance = products / n - a.sum / n * (b.sum / n);
  const double variance_a = a.squares / n - a.sum / n * (a.sum / n);
  const double variance_b = b.squares / n - b.sum / n * (b.sum / n);
  if (!(variance_a > kEqualCosines) || !(variance_b > kEqualCosines))
    return std::numeric_limits<double>::quiet_NaN();
  return std::clamp(covariance / std::sqrt(variance_a * variance_b), -1.0, 1.0);
}

double linear_cka(ConstRows source, ConstRows target) {
  require_paired(source, target);
  return quotient(cross_covariance(source, target).squaredNorm(),
                  moments_of(source).covariance.norm() * moments_of(target).covariance.norm());
}

double svcca(ConstRows source, ConstRows target, double variance) {
  require_paired(source, target);
  const MatrixD c_x = moments_of(source).covariance, c_z = moments_of(target).covariance;
  const MatrixD u = principal_directions(c_x, variance), v = principal_directions(c_z, variance);
  const SymmetricRoots x = roots(u.transpose() * c_x * u), z = roots(v.transpose() * c_z * v);
  const Eigen::Index count = std::min(x.rank, z.rank);
  if (count == 0) return 0;
  const Svd found = canonical(x, u.transpose() * cross_covariance(source, target) * v, z);
  return found.s.head(count).cwiseMin(1).mean();
}

double projection_weighted_cca(ConstRows source, ConstRows target) {
  require_paired(source, target);
  const SymmetricRoots x = roots(moments_of(source).covariance);
  const SymmetricRoots z = roots(moments_of(target).covariance);
  const Eigen::Index count = std::min(x.rank, z.rank);
  if (count == 0) return 0;
  const Svd found = canonical(x, cross_covariance(source, target), z);
  // h_i = X C_x^-1/2 u_i, so that the products with the columns of X are the rows of u_i' C_x^1/2.
  const VectorD weights = (found.u.leftCols(count).transpose() * x.root).cwiseAbs().rowwise().sum();
  return quotient(weights.dot(found.s.head(count).cwiseMin(1)), weights.sum());
}

}  // namespace xalign
