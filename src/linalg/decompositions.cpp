// The only file that instantiates Eigen's decompositions.
#include "linalg/decompositions.h"

#include <xalign/error.h>

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>

namespace xalign {
namespace {

void require(bool condition, std::string_view where, std::string_view found) {
  if (!condition)
    throw Error(ErrorKind::numeric, where, found, "finite numbers of moderate size",
                "normalise the vectors, e.g. with 'unit,center,unit'");
}

}  // namespace

int Svd::rank(double tolerance) const {
  return s.size() == 0 ? 0 : static_cast<int>((s.array() > tolerance * s[0]).count());
}

Svd svd(const MatrixD& a, std::string_view where) {
  require(a.allFinite(), where, "a matrix with values that are not finite");
  // Column-major storage spares BDCSVD a second instantiation.
  const Eigen::BDCSVD<Eigen::MatrixXd> solver(a, Eigen::ComputeThinU | Eigen::ComputeThinV);
  require(solver.info() == Eigen::Success && solver.matrixU().allFinite() &&
              solver.matrixV().allFinite(),
          where, "a singular value decomposition that does not converge");
  return {solver.matrixU(), solver.singularValues(), solver.matrixV()};
}

SymmetricEigen symmetric_eigen(const MatrixD& c, std::string_view where) {
  require(c.allFinite(), where, "a matrix with values that are not finite");
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(c);
  require(solver.info() == Eigen::Success, where, "an eigendecomposition that does not converge");
  return {solver.eigenvalues(), solver.eigenvectors()};
}

VectorD symmetric_eigenvalues(const MatrixD& c, std::string_view where) {
  require(c.allFinite(), where, "a matrix with values that are not finite");
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(c, Eigen::EigenvaluesOnly);
  require(solver.info() == Eigen::Success, where, "an eigendecomposition that does not converge");
  return solver.eigenvalues();
}

PositiveEigen positive_eigen(const MatrixD& c, double shift, double tolerance,
                             std::string_view where) {
  SymmetricEigen eigen = symmetric_eigen(c, where);
  const VectorD& values = eigen.values;
  const double largest = values.size() == 0 ? 0 : std::max(0.0, values[values.size() - 1]);
  const Eigen::Index rank = (values.array() > tolerance * largest).count();
  if (shift > 0)
    return {values.array().max(0) + shift, std::move(eigen.vectors), static_cast<int>(rank)};
  return {values.tail(rank), eigen.vectors.rightCols(rank), static_cast<int>(rank)};
}

SymmetricRoots symmetric_roots(const MatrixD& c, double shift, double tolerance,
                               std::string_view where) {
  const auto [values, vectors, rank] = positive_eigen(c, shift, tolerance, where);
  const VectorD roots = values.cwiseSqrt();
  return {vectors * roots.asDiagonal() * vectors.transpose(),
          vectors * roots.cwiseInverse().asDiagonal() * vectors.transpose(), rank};
}

SymmetricSolution solve_symmetric(const MatrixD& c, double shift, const MatrixD& b,
                                  double tolerance, std::string_view where) {
  const auto [values, vectors, rank] = positive_eigen(c, shift, tolerance, where);
  const MatrixD coordinates = vectors.transpose() * b;
  return {vectors * (values.cwiseInverse().asDiagonal() * coordinates), rank};
}

}  // namespace xalign
