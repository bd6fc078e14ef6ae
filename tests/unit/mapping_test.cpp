#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/mapping.h>
#include <xalign/parallel.h>

using namespace xalign;
using test::random_matrix;

TEST_CASE("mapping in place gives what mapping a copy gives") {
  for (const Eigen::Index columns : {1, 6, 9, 12}) {
    Matrix training = random_matrix(700, 9, 1);
    SideMap side;
    side.normalizer = Normalizer::fit(parse_normalize_recipe("unit,center,zca"), training);
    side.matrix = random_matrix(9, columns, 2);
    const Matrix rows = random_matrix(1300, 9, 3);
    Matrix expected = rows;
    side.normalizer.apply(expected);
    expected = (expected * side.matrix).eval();
    const Matrix mapped = side.apply(rows);
    REQUIRE((mapped - expected).cwiseAbs().maxCoeff() < 1e-4);
    Matrix in_place = rows;
    side.apply_in_place(in_place);
    REQUIRE(in_place == mapped);
    const ThreadLimit limit(3);
    REQUIRE(side.apply(rows) == mapped);
  }
}

TEST_CASE("a row is mapped to the same bytes wherever it stands") {
  for (const Eigen::Index dimension : {3, 37, 300}) {
    Matrix training = random_matrix(700, dimension, 1);
    SideMap side;
    side.normalizer = Normalizer::fit(parse_normalize_recipe("unit,center,zca,unit"), training);
    side.matrix = random_matrix(dimension, dimension, 2);
    const Matrix rows = random_matrix(1100, dimension, 3), whole = side.apply(rows);
    for (const Eigen::Index first : {0, 1, 7, 300, 511, 512, 1000})
      for (const Eigen::Index count : {1, 2, 3, 8, 47, 100}) {
        CAPTURE(dimension, first, count);
        REQUIRE(side.apply(rows.middleRows(first, count)) == whole.middleRows(first, count));
      }
  }
}

TEST_CASE("no rows are mapped to no rows") {
  const SideMap side{{}, random_matrix(4, 3, 1), {}};
  Matrix none(0, 4);
  side.apply_in_place(none);
  REQUIRE((none.rows() == 0 && none.cols() == 3));
  REQUIRE(side.apply(Matrix(0, 4)).cols() == 3);
}

TEST_CASE("rows of another dimension are refused") {
  const SideMap side{{}, random_matrix(4, 4, 1), {}};
  Matrix rows = random_matrix(3, 5, 2);
  REQUIRE_THROWS_AS(side.apply(rows), Error);
  REQUIRE_THROWS_AS(side.apply_in_place(rows), Error);
}
