#include "core/hash.h"
#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/bli.h>
#include <xalign/error.h>

using namespace xalign;

namespace {

Vocabulary numbered(const char* prefix, int count) {
  Vocabulary vocabulary;
  for (int i = 0; i < count; ++i) vocabulary.insert(prefix + std::to_string(i));
  return vocabulary;
}

}  // namespace

TEST_CASE("queries are different source words; both denominators are kept") {
  const auto source = numbered("s", 5), target = numbered("t", 5);
  const Lexicon lexicon = {{"s1", "t1"},   {"s1", "t2"},   {"s1", "t1"}, {"s2", "none"},
                           {"none", "t1"}, {"s3", "none"}, {"s3", "t3"}};
  const auto queries = make_bli_queries(lexicon, source, target);
  CHECK(queries.total == 4);
  CHECK(queries.pairs == 3);
  REQUIRE(queries.covered.size() == 2);
  CHECK(queries.covered[0].gold == std::vector<Index>{1, 2});
  CHECK(queries.covered[1].source == 3);
}

TEST_CASE("the reverse direction queries the second column") {
  const auto source = numbered("s", 5), target = numbered("t", 5);
  const auto queries =
      make_bli_queries({{"s1", "t4"}, {"s2", "t4"}}, target, source, CasePolicy::exact, true);
  REQUIRE(queries.covered.size() == 1);
  CHECK(queries.covered[0].source == 4);
  CHECK(queries.covered[0].gold == std::vector<Index>{1, 2});
}

TEST_CASE("scores of a space that is right by construction") {
  const auto source = numbered("s", 40), target = numbered("t", 40);
  const Matrix rows = test::random_unit_rows(40, 30, 1);
  Lexicon lexicon;
  for (int i = 0; i < 20; ++i)  // half of the gold targets are wrong
    lexicon.push_back({"s" + std::to_string(i), "t" + std::to_string(i % 2 == 0 ? i : i + 15)});
  lexicon.push_back({"unknown", "t1"});
  const auto queries = make_bli_queries(lexicon, source, target);
  const auto result = evaluate_bli(rows, rows, queries, {.ks = {1, 40}});
  REQUIRE(result.retrievals.size() == 2);
  for (const auto& scored : result.retrievals) {
    CHECK(scored.precision[0].covered == 0.5);
    CHECK(scored.precision[0].all == 10.0 / 21);
    CHECK_FALSE(scored.precision[0].unseen);
    CHECK(scored.precision[1].covered == 1);
    CHECK(scored.precision[0].ci_low < 0.5);
    CHECK(scored.precision[0].ci_high > 0.5);
    CHECK(scored.mrr.covered > 0.5);
    CHECK(scored.ranks[0] == 1);
  }
}

TEST_CASE("queries seen in training are set apart") {
  const auto source = numbered("s", 4), target = numbered("t", 4);
  TrainingRecord training;
  training.source_words = {hash_text("s0")};
  training.target_words = {hash_text("t0")};
  training.word_pairs = {hash_pair("s0", "t0")};
  const Lexicon lexicon = {{"s0", "t0"}, {"s1", "t1"}, {"s2", "t3"}};
  const auto queries =
      make_bli_queries(lexicon, source, target, CasePolicy::exact, false, &training);
  CHECK(queries.seen_pairs == 1);
  CHECK(queries.covered[0].seen);
  CHECK_FALSE(queries.covered[1].seen);
  const Matrix rows = Matrix::Identity(4, 4);
  const auto scored = evaluate_bli(rows, rows, queries).retrievals[0];
  CHECK(scored.precision[0].covered == 2.0 / 3);
  CHECK(scored.precision[0].unseen == 0.5);
}

TEST_CASE("no covered query is an error") {
  const auto vocabulary = numbered("s", 2);
  const Matrix rows = Matrix::Identity(2, 2);
  CHECK_THROWS_AS(evaluate_bli(rows, rows, make_bli_queries({{"a", "b"}}, vocabulary, vocabulary)),
                  Error);
}

TEST_CASE("rows that are read block by block are scored as rows in memory are") {
  // More targets than are read at a time; many gold targets are in no list.
  const Matrix source = test::random_unit_rows(50, 6, 1);
  const Matrix target = test::random_unit_rows(9000, 6, 2);
  BliQueries queries;
  queries.total = 50;
  for (Index q = 0; q < 50; ++q) queries.covered.push_back({q, {q * 179, 8999 - q}});
  const BliOptions options{.resamples = 0};
  const BliResult expected = evaluate_bli(source, target, queries, options);
  const auto check = [&](const BliResult& found) {
    REQUIRE(found.retrievals.size() == expected.retrievals.size());
    for (std::size_t r = 0; r < found.retrievals.size(); ++r) {
      CHECK(found.retrievals[r].ranks == expected.retrievals[r].ranks);
      CHECK(found.retrievals[r].candidates.index == expected.retrievals[r].candidates.index);
      CHECK(found.retrievals[r].mrr.covered == expected.retrievals[r].mrr.covered);
    }
    CHECK(*std::max_element(found.retrievals[0].ranks.begin(), found.retrievals[0].ranks.end()) >
          100);
  };
  const RowBlocks sources = make_row_blocks(source), targets = make_row_blocks(target);
  check(evaluate_bli(sources, targets, queries, options));
  const auto means = neighborhood_means(target, source, options.retrieval.csls_k);
  check(evaluate_bli(sources, targets, queries, options, means));
  BliOptions isf = options;
  isf.retrievals = {Retrieval::isf};
  CHECK_THROWS_AS(evaluate_bli(sources, targets, queries, isf), Error);
}
