#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/subspace_distance.h>

#include <cmath>

using namespace xalign;

namespace {

/// Two points on each axis: the covariance is diag(a^2, b^2) / 2.
Matrix cross(float a, float b) {
  Matrix rows(4, 2);
  rows << a, 0, -a, 0, 0, b, 0, -b;
  return rows;
}

}  // namespace

TEST_CASE("subspaces at right angles and covariances that differ by known factors") {
  const auto result = measure_subspace_distance(cross(3, 1), cross(1, 3));
  REQUIRE(result.directions == 1);
  REQUIRE(std::abs(result.chordal - 1) < 1e-9);
  // Both ratios are 9, up and down: sqrt(2) log 9.
  REQUIRE(std::abs(result.riemannian - std::sqrt(2.0) * std::log(9.0)) < 1e-4);
}

TEST_CASE("half a right angle") {
  Matrix turned = cross(3, 1);
  const float half = std::sqrt(0.5F);
  Matrix rotation(2, 2);
  rotation << half, half, -half, half;
  turned = turned * rotation;
  REQUIRE(std::abs(measure_subspace_distance(cross(3, 1), turned).chordal - half) < 1e-6);
}

TEST_CASE("a space is at distance 0 from itself, wherever its mean is") {
  const Matrix rows = test::random_matrix(400, 8, 1) * test::random_matrix(8, 8, 2);
  Matrix moved = rows;
  moved.rowwise() += test::random_matrix(1, 8, 3).row(0);
  const auto result = measure_subspace_distance(rows, moved);
  REQUIRE(result.chordal < 1e-3);
  REQUIRE(result.riemannian < 1e-3);
  REQUIRE(measure_subspace_distance(Matrix::Ones(3, 2), Matrix::Ones(3, 2)).directions == 0);
  REQUIRE_THROWS_AS(measure_subspace_distance(rows, rows.leftCols(3)), Error);
  REQUIRE_THROWS_AS(measure_subspace_distance(rows, rows.topRows(1)), Error);
}
