#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/outlier_dimensions.h>
#include <xalign/parallel.h>

#include <limits>

using namespace xalign;

TEST_CASE("deviations of columns are those computed by hand") {
  // Column means 0, 1, 2, 3, 10: median 2, median deviation 1. Variances are all 1 but the
  // last: 16.
  Matrix rows(2, 5);
  rows << -1, 0, 1, 2, 6,  //
      1, 2, 3, 4, 14;
  const auto found = find_outlier_dimensions(rows, 3);
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].column == 4);
  REQUIRE(std::abs(found[0].mean_deviation - 8 / 1.4826) < 1e-12);
  REQUIRE(found[0].variance_deviation == 0);  // most variances agree: nothing to measure by
  REQUIRE(find_outlier_dimensions(rows, 5.4).empty());
}

TEST_CASE("columns of large variance are found, also with a large mean") {
  Matrix rows = test::random_matrix(10000, 60, 1);
  rows.col(7) *= 3;
  rows.array() += 1000;
  const auto found = find_outlier_dimensions(rows, 20);
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].column == 7);
  REQUIRE(found[0].variance_deviation > 100);
}

TEST_CASE("outliers are the same for any number of threads, and none without rows") {
  const Matrix rows = test::random_matrix(9000, 30, 2);
  const ThreadLimit limit(1);
  const auto one = find_outlier_dimensions(rows, 1);
  const ThreadLimit more(3);
  const auto three = find_outlier_dimensions(rows, 1);
  REQUIRE(one.size() == three.size());
  REQUIRE(!one.empty());
  REQUIRE(one[0].mean_deviation == three[0].mean_deviation);
  REQUIRE(find_outlier_dimensions(Matrix(0, 4), 1).empty());
}

TEST_CASE("rows that are not finite have no outliers") {
  Matrix rows = test::random_matrix(5, 3, 3);
  rows(1, 1) = std::numeric_limits<float>::infinity();
  REQUIRE_THROWS_AS(find_outlier_dimensions(rows, 3), Error);
}
