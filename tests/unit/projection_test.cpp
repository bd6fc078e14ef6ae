#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/projection.h>

#include <cmath>

using namespace xalign;

TEST_CASE("the projection finds the directions of most variance") {
  Matrix rows = test::random_matrix(400, 5, 1);
  rows.col(3) *= 10;
  rows.col(1) *= 4;
  rows.rowwise() += RowVector::Constant(5, 7);
  const Projection plane = fit_projection(rows, 2);
  CHECK(plane.axes(3, 0) > 0.99f);
  CHECK(plane.axes(1, 1) > 0.99f);
  CHECK((plane.axes.transpose() * plane.axes - Matrix::Identity(2, 2)).norm() < 1e-5f);
  const Matrix points = plane.apply(rows);
  CHECK(std::abs(points.col(0).mean()) < 1e-3f);
  CHECK(std::abs(points.col(0).norm() / std::sqrt(400.0f) - 10) < 1);
  CHECK(fit_projection(rows, 9).axes.cols() == 5);
  CHECK_THROWS_AS(fit_projection(Matrix(0, 5), 2), Error);
}
