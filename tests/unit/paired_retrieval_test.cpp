#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/paired_retrieval.h>

#include <cmath>

using namespace xalign;

TEST_CASE("rows that are their own partners are always found") {
  const Matrix rows = test::random_unit_rows(50, 20, 1);
  const auto result = evaluate_paired_retrieval(rows, rows);
  for (const PairedDirection* direction : {&result.forward, &result.backward}) {
    CHECK(direction->xsim.absolute == 0);
    CHECK(direction->xsim.ratio == 0);
    REQUIRE(direction->scores.size() == 2);
    CHECK(direction->scores[0].recall == std::vector<double>{1, 1, 1});
    CHECK(direction->scores[1].mrr == 1);
    CHECK(direction->scores[1].ndcg == 1);
  }
}

TEST_CASE("retrieval scores worked out by hand") {
  // Cosines of source row 0: 1, .8, 0 -> its partner has rank 1; of row 1 (0, 1): 0, .6, 1 -> 2; of
  // row 2 (1, 0): 1, .8, 0 -> 3. Target 0 ties rows 0 and 2: the smaller wins. Target 1 (.8, .6):
  // .8, .6, .8 -> 3. Target 2 (0, 1): 0, 1, 0 -> behind row 1 and, of the tie, row 0: 3.
  Matrix source(3, 2), target(3, 2);
  source << 1, 0, 0, 1, 1, 0;
  target << 1, 0, 0.8f, 0.6f, 0, 1;
  const auto result =
      evaluate_paired_retrieval(source, target, {.ks = {1, 2}, .retrievals = {Retrieval::nn}});
  const PairedScore& forward = result.forward.scores[0];
  CHECK(forward.ranks == std::vector<Index>{1, 2, 3});
  CHECK(std::abs(forward.recall[0] - 1.0 / 3) < 1e-12);
  CHECK(std::abs(forward.recall[1] - 2.0 / 3) < 1e-12);
  CHECK(std::abs(forward.mrr - (1 + 0.5 + 1.0 / 3) / 3) < 1e-12);
  CHECK(std::abs(forward.ndcg - (1 + 1 / std::log2(3.0)) / 3) < 1e-12);
  CHECK(std::abs(result.forward.xsim.absolute - 2.0 / 3) < 1e-12);
  CHECK(result.backward.scores[0].ranks == std::vector<Index>{1, 3, 3});
}

TEST_CASE("rows that cannot be paired are refused") {
  const Matrix rows = test::random_unit_rows(5, 4, 1);
  CHECK_THROWS_AS(evaluate_paired_retrieval(rows, test::random_unit_rows(4, 4, 1)), Error);
  CHECK_THROWS_AS(evaluate_paired_retrieval(Matrix(0, 4), Matrix(0, 4)), Error);
  CHECK_THROWS_AS(evaluate_paired_retrieval(rows, rows, {.ks = {5, 1}}), Error);
  CHECK_THROWS_AS(evaluate_paired_retrieval(rows, rows, {.margin_neighbors = 0}), Error);
}
