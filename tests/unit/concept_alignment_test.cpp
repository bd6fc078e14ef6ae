#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/concept_alignment.h>
#include <xalign/error.h>

using namespace xalign;

namespace {

/// Ten words around each of six points; word i belongs to point i % 6.
Matrix six_concepts(std::uint64_t seed) {
  const Matrix points = test::random_unit_rows(6, 12, seed);
  Matrix rows = 0.05F * test::random_matrix(60, 12, seed + 1);
  for (Eigen::Index i = 0; i < 60; ++i) rows.row(i) += points.row(i % 6);
  rows.rowwise().normalize();
  return rows;
}

std::vector<WordPair> same_rows() {
  std::vector<WordPair> pairs;
  for (Index i = 0; i < 60; ++i) pairs.push_back({i, i});
  return pairs;
}

}  // namespace

TEST_CASE("languages that cut the world alike are aligned without a shared space") {
  const auto result = score_concept_alignment(six_concepts(1), six_concepts(5), same_rows());
  REQUIRE(result.concepts == 6);
  REQUIRE(result.aligned == 1);
  REQUIRE(result.words == 1);
}

TEST_CASE("a concept is aligned from the share of its words on") {
  // Word i goes to word i + 1 for three words of ten of concept 0: seven tenths agree.
  std::vector<WordPair> pairs = same_rows();
  for (const std::size_t i : {0, 6, 12}) std::swap(pairs[i].target, pairs[i + 1].target);
  const Matrix source = six_concepts(1), target = six_concepts(5);
  REQUIRE(score_concept_alignment(source, target, pairs, {.aligned_share = 0.7}).aligned == 1);
  const auto strict = score_concept_alignment(source, target, pairs, {.aligned_share = 0.75});
  REQUIRE(std::abs(strict.aligned - 4.0 / 6) < 1e-12);
  REQUIRE(std::abs(strict.words - (4 + 1.4) / 6) < 1e-12);
}

TEST_CASE("concepts overlap when both languages have their share") {
  const Matrix both = six_concepts(1);
  REQUIRE(
      score_concept_overlap(both.topRows(30), both.bottomRows(30), {.clusters = 6}).overlapping ==
      1);
  Matrix apart = both;
  apart *= -1;
  const auto none = score_concept_overlap(both, apart, {.clusters = 12});
  REQUIRE(none.concepts == 12);
  REQUIRE(none.overlapping == 0);
}

TEST_CASE("options and inputs that make no sense are refused") {
  const Matrix rows = six_concepts(1);
  const auto pairs = same_rows();
  REQUIRE_THROWS_AS(score_concept_alignment(rows, rows, std::span(pairs).first(9)), Error);
  REQUIRE_THROWS_AS(score_concept_alignment(rows, rows, pairs, {.aligned_share = 0}), Error);
  REQUIRE_THROWS_AS(score_concept_overlap(rows, rows, {.overlap_share = 0.6}), Error);
  REQUIRE(score_concept_overlap(rows.topRows(0), rows.topRows(0)).concepts == 0);
}
