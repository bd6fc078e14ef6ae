#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/csls.h>
#include <xalign/hubness.h>

using namespace xalign;

TEST_CASE("hubness of small counts is what a pencil gives") {
  // Mean 2; distances 4, -1, -2, -1, 0: squares 22, cubes 64 - 1 - 8 - 1 = 54, absolute 8.
  const std::vector<Index> occurrences{6, 1, 0, 1, 2};
  const Hubness hubness = score_hubness(occurrences);
  REQUIRE(std::abs(hubness.skewness - 54.0 / 5 / std::pow(22.0 / 5, 1.5)) < 1e-12);
  REQUIRE(hubness.antihubs == 0.2);
  REQUIRE(hubness.robin_hood == 0.4);
  REQUIRE(hubness.largest == 6);
}

TEST_CASE("even counts have no hubs, and no counts no hubness") {
  const std::vector<Index> even(7, 3);
  REQUIRE(score_hubness(even).skewness == 0);
  REQUIRE(score_hubness(even).robin_hood == 0);
  REQUIRE(score_hubness({}).largest == 0);
  REQUIRE(score_hubness(std::vector<Index>(4, 0)).antihubs == 0);
}

TEST_CASE("occurrences count the first entries of lists and skip empty places") {
  TopkLists lists;
  lists.index.resize(3, 2);
  lists.index << 0, 1,  //
      0, 2,             //
      2, -1;
  lists.score = Matrix::Zero(3, 2);
  REQUIRE(count_occurrences(lists, 4) == std::vector<Index>{2, 1, 2, 0});
  REQUIRE(count_occurrences(lists, 4, 1) == std::vector<Index>{2, 0, 1, 0});
}

TEST_CASE("CSLS takes hubs their places") {
  Matrix source = test::random_matrix(600, 20, 1), target = test::random_matrix(600, 20, 2);
  source.rowwise() += test::random_matrix(1, 20, 3).row(0);
  target.rowwise() += test::random_matrix(1, 20, 3).row(0);
  source.rowwise().normalize();
  target.rowwise().normalize();
  const auto hubness = [](const TopkLists& lists) {
    return score_hubness(count_occurrences(lists, 600));
  };
  const Hubness before = hubness(find_topk(source, target, {.row_k = 10}).rows);
  const Hubness after = hubness(find_csls(source, target, {.row_k = 10}).rows);
  REQUIRE(after.skewness < before.skewness / 2);
  REQUIRE(after.robin_hood < before.robin_hood);
  REQUIRE(after.antihubs < before.antihubs);
}
