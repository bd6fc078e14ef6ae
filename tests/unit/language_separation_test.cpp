#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/language_separation.h>

#include <cmath>
#include <vector>

using namespace xalign;

TEST_CASE("separation of four points is what a pencil gives") {
  // Means (1, 0) and (4, 0), mean squared distances 1 and 1.
  Matrix rows(4, 2);
  rows << 1, 1, 4, 1, 1, -1, 4, -1;
  const std::vector<Index> of_row{0, 1, 0, 1};
  const auto result = measure_language_separation(rows, {of_row, 2});
  REQUIRE(std::abs(result.centroid_distance - 3) < 1e-12);
  REQUIRE(result.identification == 1);
}

TEST_CASE("one language in two halves cannot be told apart, moved ones can") {
  Matrix rows = test::random_unit_rows(2000, 20, 1);
  std::vector<Index> of_row;
  for (Index i = 0; i < 2000; ++i) of_row.push_back(i % 4 == 0);
  const auto same = measure_language_separation(rows, {of_row, 2});
  REQUIRE(same.centroid_distance < 0.1);
  REQUIRE(std::abs(same.identification - 0.5) < 0.06);
  for (Index i = 0; i < 2000; i += 4) rows(i, 0) += 1;
  const auto moved = measure_language_separation(rows, {of_row, 2});
  REQUIRE(moved.centroid_distance > 0.9);
  REQUIRE(moved.identification > 0.9);
}

TEST_CASE("a language needs two rows") {
  const Matrix rows = test::random_unit_rows(3, 4, 2);
  const std::vector<Index> of_row{0, 0, 1};
  REQUIRE_THROWS_AS(measure_language_separation(rows, {of_row, 2}), Error);
  REQUIRE_THROWS_AS(measure_language_separation(rows, {{}, 1}), Error);
}
