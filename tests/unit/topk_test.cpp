#include "support/brute_topk.h"
#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/parallel.h>
#include <xalign/topk.h>

using xalign::Matrix;

TEST_CASE("find_topk equals a full sort in both directions") {
  for (const auto& [n, m, d, k] : {std::tuple{1, 1, 1, 1}, {50, 70, 17, 10}, {300, 5, 32, 8}}) {
    const Matrix source = xalign::test::random_unit_rows(n, d, 1);
    const Matrix target = xalign::test::random_unit_rows(m, d, 2);
    const auto result = xalign::find_topk(source, target, {.row_k = k, .column_k = k});
    REQUIRE(result.rows.index == xalign::test::brute_topk(source, target, k).index);
    REQUIRE(result.columns.index == xalign::test::brute_topk(target, source, k).index);
  }
}
