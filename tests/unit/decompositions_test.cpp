#include "linalg/decompositions.h"

#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>

#include <limits>

using namespace xalign;

namespace {

MatrixD random_double(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  return test::random_matrix(rows, columns, seed).cast<double>();
}

MatrixD random_covariance(Eigen::Index dimension, Eigen::Index rank, std::uint64_t seed) {
  const MatrixD rows = random_double(rank, dimension, seed);
  return rows.transpose() * rows;
}

double largest(const MatrixD& matrix) {
  return matrix.size() == 0 ? 0 : matrix.cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("a singular value decomposition multiplies back") {
  for (const auto& [n, m] : {std::pair{1, 1}, {3, 8}, {8, 3}, {60, 60}}) {
    const MatrixD a = random_double(n, m, 1);
    const Svd parts = svd(a, "test");
    const Eigen::Index k = std::min(n, m);
    REQUIRE(largest(parts.u * parts.s.asDiagonal() * parts.v.transpose() - a) < 1e-12);
    REQUIRE(largest(parts.u.transpose() * parts.u - MatrixD::Identity(k, k)) < 1e-12);
    REQUIRE(largest(parts.v.transpose() * parts.v - MatrixD::Identity(k, k)) < 1e-12);
    REQUIRE(parts.rank(1e-9) == k);
  }
}

TEST_CASE("singular matrices are decomposed too") {
  for (const MatrixD& a : {MatrixD(MatrixD::Zero(40, 40)), MatrixD(MatrixD::Ones(40, 40)),
                           MatrixD(MatrixD::Identity(40, 40)), random_covariance(40, 5, 2)}) {
    const Svd parts = svd(a, "test");
    REQUIRE(largest(parts.u * parts.s.asDiagonal() * parts.v.transpose() - a) < 1e-10);
    REQUIRE(largest(parts.u * parts.u.transpose() - MatrixD::Identity(40, 40)) < 1e-10);
  }
  REQUIRE(svd(random_covariance(40, 5, 2), "test").rank(1e-9) == 5);
  REQUIRE(svd(MatrixD::Zero(3, 3), "test").rank(1e-9) == 0);
}

TEST_CASE("roots of a covariance, whole and singular") {
  for (const Eigen::Index rank : {20, 6}) {
    const MatrixD c = random_covariance(20, rank, 3);
    const SymmetricRoots roots = symmetric_roots(c, 0, 1e-9, "test");
    REQUIRE(roots.rank == rank);
    REQUIRE(largest(roots.root * roots.root - c) < 1e-10);
    REQUIRE(largest(c * roots.inverse_root * roots.inverse_root * c - c) < 1e-9);
  }
  const MatrixD c = random_covariance(20, 6, 4);
  const SymmetricRoots shifted = symmetric_roots(c, 0.5, 1e-9, "test");
  REQUIRE(shifted.rank == 6);
  REQUIRE(largest(shifted.root * shifted.inverse_root - MatrixD::Identity(20, 20)) < 1e-10);
  REQUIRE(largest(shifted.root * shifted.root - c - 0.5 * MatrixD::Identity(20, 20)) < 1e-10);
  REQUIRE(symmetric_roots(MatrixD::Zero(3, 3), 0, 1e-9, "test").rank == 0);
}

TEST_CASE("equations with a covariance, whole and singular") {
  const MatrixD c = random_covariance(15, 15, 5), b = random_double(15, 4, 6);
  REQUIRE(largest(c * solve_symmetric(c, 0, b, 1e-12, "test").x - b) < 1e-8);
  const MatrixD singular = random_covariance(15, 4, 7), reachable = singular * b;
  const SymmetricSolution solution = solve_symmetric(singular, 0, reachable, 1e-9, "test");
  REQUIRE(solution.rank == 4);
  REQUIRE(largest(singular * solution.x - reachable) < 1e-9);
  REQUIRE(solution.x.norm() <= b.norm());
}

TEST_CASE("numbers that are not finite are refused") {
  MatrixD bad = MatrixD::Identity(5, 5);
  bad(2, 3) = std::numeric_limits<double>::quiet_NaN();
  REQUIRE_THROWS_AS(svd(bad, "test"), Error);
  REQUIRE_THROWS_AS(symmetric_eigen(bad, "test"), Error);
}
