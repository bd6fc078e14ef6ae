#include "support/catch.hpp"
#include "support/matrices.h"
#include "support/pairs.h"

#include <xalign/error.h>
#include <xalign/held_out.h>

#include <cmath>

using namespace xalign;

TEST_CASE("the rarest source words are held out with all their pairs") {
  std::vector<WordPair> pairs = test::diagonal_pairs(10);
  pairs.push_back({9, 3, 1});
  pairs.push_back({2, 5, 1});
  const SeedSplit split = hold_out_rarest(pairs, {.share = 0.2, .at_least = 0});
  REQUIRE(split.train.size() == 9);
  REQUIRE(split.held_out.size() == 3);
  for (const WordPair& pair : split.held_out) REQUIRE(pair.source >= 8);
  for (const WordPair& pair : split.train) REQUIRE(pair.source < 8);
  REQUIRE(hold_out_rarest(pairs, {.share = 0.2, .at_least = 3}).held_out.size() == 4);
}

TEST_CASE("at most half of the source words are held out") {
  REQUIRE(hold_out_rarest(test::diagonal_pairs(11)).held_out.size() == 5);
  REQUIRE(hold_out_rarest(test::diagonal_pairs(1)).train.size() == 1);
  REQUIRE(hold_out_rarest({}).train.empty());
}

TEST_CASE("held-out pairs are scored by the rank of their best target") {
  // Source word i is target word i, exactly; every map but a constant one finds it.
  const Matrix rows = test::random_unit_rows(40, 12, 1);
  const MapPair same{Matrix::Identity(12, 12), Matrix::Identity(12, 12), 12};
  const std::vector<WordPair> right{{1, 1, 1}, {3, 3, 1}, {3, 4, 1}, {30, 30, 1}};
  const HeldOutScore all = score_held_out(rows, rows, same, right, 20);
  REQUIRE(all.reciprocal_ranks == std::vector<double>{1, 1, 1});
  REQUIRE(all.precision() == 1);
  REQUIRE(all.mean_reciprocal_rank() == 1);
  const std::vector<WordPair> half{{1, 1, 1}, {3, 4, 1}};
  const HeldOutScore some = score_held_out(rows, rows, same, half);
  REQUIRE(some.precision() == 0.5);
  REQUIRE(some.reciprocal_ranks[1] < 1);
}

TEST_CASE("a clear win is more than a standard error") {
  const HeldOutScore standard{{0, 0.5, 0, 1, 0.2}};
  REQUIRE(!clearly_better(standard, standard));
  REQUIRE(clearly_better({{0.1, 0.6, 0.1, 1, 0.3}}, standard));
  REQUIRE(!clearly_better({{0.2, 0.4, 0, 1, 0.2}}, standard));  // one up, one down
  REQUIRE(!clearly_better({{0, 0.4, 0, 1, 0.1}}, standard));
  REQUIRE_THROWS_AS(clearly_better({{1, 1}}, standard), Error);
  REQUIRE(!clearly_better({{1}}, {{0}}));
  const PairedGain gain = paired_gain({{0.5, 1, 0.5, 1}}, {{0.5, 0.5, 0.5, 0.5}});
  REQUIRE(gain.mean == 0.25);
  REQUIRE(std::abs(gain.standard_error - std::sqrt(0.25 / 3 / 4)) < 1e-12);
  const std::vector<HeldOutScore> scores{standard, {{0.1, 0.6, 0.1, 1, 0.3}}, {{0, 0.4, 0, 1, 0}}};
  REQUIRE(choose_score(scores) == 1);
  REQUIRE(choose_score({scores.data(), 1}) == 0);
  REQUIRE_THROWS_AS(choose_score({}), Error);
}

TEST_CASE("the ridge is left at the first unless another is clearly better") {
  // The target is a noisy image of the source, so that with few pairs whitening needs a ridge.
  const Matrix source = test::random_unit_rows(900, 60, 1);
  const Matrix target = (source * test::random_matrix(60, 60, 2) / std::sqrt(60.0F) +
                         0.13F * test::random_matrix(900, 60, 3))
                            .rowwise()
                            .normalized();
  const std::vector<WordPair> pairs = test::diagonal_pairs(360);
  const std::vector<double> ridges{0, 1000, 0.5}, same{0.5, 0.5};
  const RidgeChoice choice = choose_ridge(source, target, pairs, ridges);
  REQUIRE(choice.scores.size() == 3);
  REQUIRE(choice.scores[0].reciprocal_ranks.size() == 100);
  for (std::size_t i = 0; i < 3; ++i)
    if (choice.ridge == ridges[i])
      for (const HeldOutScore& other : choice.scores)
        REQUIRE(
            (i == 0 || choice.scores[i].mean_reciprocal_rank() >= other.mean_reciprocal_rank()));
  REQUIRE(choose_ridge(source, target, pairs, same).ridge == 0.5);
  const RidgeChoice few = choose_ridge(source, target, test::diagonal_pairs(299), ridges);
  REQUIRE(few.ridge == 0);
  REQUIRE(few.scores.empty());
  REQUIRE_THROWS_AS(choose_ridge(source, target, pairs, {}), Error);
  const std::vector<double> negative{-1};
  REQUIRE_THROWS_AS(choose_ridge(source, target, pairs, negative), Error);
}

TEST_CASE("held-out scores refuse bad pairs and options") {
  const Matrix rows = test::random_unit_rows(20, 4, 1);
  const MapPair same{Matrix::Identity(4, 4), Matrix::Identity(4, 4), 4};
  REQUIRE_THROWS_AS(score_held_out(rows, rows, same, {}), Error);
  const std::vector<WordPair> outside{{20, 0, 1}};
  REQUIRE_THROWS_AS(score_held_out(rows, rows, same, outside), Error);
  REQUIRE_THROWS_AS(hold_out_rarest(outside, {.share = 1}), Error);
  REQUIRE_THROWS_AS(hold_out_rarest(outside, {.at_least = -1}), Error);
}
