#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/local_geometry.h>

#include <cmath>

using namespace xalign;

TEST_CASE("the local dimension of known distances is what a pencil gives") {
  // Distances 1/2, 1 and sqrt(2) are cosines 7/8, 1/2 and 0.
  TopkLists lists;
  lists.index.resize(2, 3);
  lists.index << 1, 2, 3,  //
      0, -1, -1;
  lists.score.resize(2, 3);
  lists.score << 0.875F, 0.5F, 0,  //
      1, 0, 0;
  const LocalGeometry geometry = measure_local_geometry(lists);
  REQUIRE(std::abs(geometry.codensity[0] - std::sqrt(2.0)) < 1e-9);
  const double sum = std::log(2 * std::sqrt(2.0)) + std::log(std::sqrt(2.0));
  REQUIRE(std::abs(geometry.dimension[0] - 2 / sum) < 1e-9);
  REQUIRE(geometry.codensity[1] == 0);
  REQUIRE(geometry.dimension[1] == 0);
  REQUIRE(std::abs(intrinsic_dimension(geometry) - 2 / sum) < 1e-9);
}

TEST_CASE("the dimension of a sphere is found inside of a larger space") {
  // Unit rows of 4 coordinates lie on a sphere of dimension 3.
  Matrix rows = Matrix::Zero(3000, 20);
  rows.leftCols(4) = test::random_unit_rows(3000, 4, 1);
  const auto lists = find_topk(rows, rows, {.row_k = 20, .skip_same_index = true}).rows;
  const double dimension = intrinsic_dimension(measure_local_geometry(lists));
  REQUIRE(dimension > 2.7);
  REQUIRE(dimension < 3.3);
}

TEST_CASE("copies have no local dimension") {
  const Matrix rows = Matrix::Ones(5, 1);
  const auto lists = find_topk(rows, rows, {.row_k = 3, .skip_same_index = true}).rows;
  REQUIRE(intrinsic_dimension(measure_local_geometry(lists)) == 0);
  REQUIRE(intrinsic_dimension({}) == 0);
}
