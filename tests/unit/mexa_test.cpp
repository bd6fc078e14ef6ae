#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/mexa.h>

using namespace xalign;

TEST_CASE("a pair wins when it beats its row and its column") {
  // Cosines: row 0: 1, .6, 0; row 1: .6, 1, .8; row 2: .8, .96, .6. Pair 2 loses both ways.
  Matrix source(3, 2), target(3, 2);
  target << 1, 0, 0.6F, 0.8F, 0, 1;
  source << 1, 0, 0.6F, 0.8F, 0.8F, 0.6F;
  REQUIRE(std::abs(score_mexa(source, target) - 2.0 / 3) < 1e-12);
  REQUIRE(std::abs(score_mexa(target, source) - 2.0 / 3) < 1e-12);
}

TEST_CASE("equal rows win nothing, a copy wins all") {
  const Matrix rows = test::random_unit_rows(200, 10, 1);
  REQUIRE(score_mexa(rows, rows) == 1);
  REQUIRE(score_mexa(Matrix::Ones(4, 1), Matrix::Ones(4, 1)) == 0);
  REQUIRE(score_mexa(Matrix(0, 2), Matrix(0, 2)) == 0);
  REQUIRE_THROWS_AS(score_mexa(rows, rows.topRows(3)), Error);
}
