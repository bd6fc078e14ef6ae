#include "support/catch.hpp"

#include <xalign/script_neighbors.h>

#include <cmath>

using namespace xalign;

TEST_CASE("scripts of neighbours are counted by hand") {
  TopkLists lists;
  lists.index.resize(4, 2);
  lists.index << 1, 2,  // Latn: Latn and Cyrl
      0, 3,             // Latn: Latn, and what does not count
      0, 1,             // Cyrl: Latn twice
      0, 1;             // does not ask
  lists.score = Matrix::Zero(4, 2);
  const std::string_view scripts[] = {"Latn", "Latn", "Cyrl", "Zyyy"};
  const ScriptNeighbors result = measure_script_neighbors(lists, scripts);
  REQUIRE(std::abs(result.scripts - (2 + 1 + 1) / 3.0) < 1e-12);
  REQUIRE(std::abs(result.other - (0.5 + 0 + 1) / 3) < 1e-12);
  // Of the two others: one of two for Latn, two of two for Cyrl.
  REQUIRE(std::abs(result.expected - (0.5 + 0.5 + 1) / 3) < 1e-12);
}

TEST_CASE("without letters there are no scripts") {
  const std::string_view none[] = {"Zyyy"};
  TopkLists lists;
  lists.index.setConstant(1, 1, -1);
  REQUIRE(measure_script_neighbors(lists, none).scripts == 0);
}
