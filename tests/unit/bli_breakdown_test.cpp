#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/bli_breakdown.h>
#include <xalign/hubness.h>

#include <algorithm>

using namespace xalign;

namespace {

Vocabulary words_of(std::initializer_list<const char*> words) {
  Vocabulary vocabulary;
  for (const char* word : words) vocabulary.insert(word);
  return vocabulary;
}

BliQueries queries_of(std::initializer_list<BliQuery> queries) {
  BliQueries made;
  made.covered = queries;
  made.total = static_cast<Index>(queries.size());
  return made;
}

using Members = std::vector<std::size_t>;

}  // namespace

TEST_CASE("queries fall into frequency bins by their row") {
  const auto breakdown = group_by_frequency(queries_of(
      {{.source = 0}, {.source = 999}, {.source = 1000}, {.source = 99999}, {.source = 100000}}));
  CHECK(breakdown.name == "frequency");
  REQUIRE(breakdown.groups.size() == 4);
  CHECK(breakdown.groups[0].name == "1-1000");
  CHECK(breakdown.groups[0].members == Members{0, 1});
  CHECK(breakdown.groups[1].name == "1001-5000");
  CHECK(breakdown.groups[2].name == "50001-100000");
  CHECK(breakdown.groups[3].name == "100001+");
}

TEST_CASE("identical words and cognates are told from the rest") {
  const auto source = words_of({"Paris", "Moskau", "night", "house"});
  const auto target = words_of({"Paris", "Москва", "nuit", "maison", "хаус"});
  const auto queries = queries_of({{.source = 0, .gold = {3, 0}},
                                   {.source = 1, .gold = {1}},
                                   {.source = 2, .gold = {2}},
                                   {.source = 3, .gold = {3}}});
  const auto identical = group_by_identity(queries, source, target);
  REQUIRE(identical.groups.size() == 2);
  CHECK(identical.groups[0].members == Members{0});
  // moskau and moskva: 2 of 6 letters differ; night and nuit: 3 of 5.
  const auto cognate = group_by_cognates(queries, source, target);
  REQUIRE(cognate.groups.size() == 2);
  CHECK(cognate.groups[0].name == "cognate");
  CHECK(cognate.groups[0].members == Members{0, 1});
  CHECK(cognate.groups[1].members == Members{2, 3});
}

TEST_CASE("labels group queries") {
  const auto source = words_of({"go", "house", "red", "odd"});
  const auto queries = queries_of({{.source = 0}, {.source = 1}, {.source = 2}, {.source = 3}});
  const LabelSet labels{{"house", "go", "GO", "red", "unknown", "house"},
                        {"noun", "verb", "noun", "adjective", "other", "verb"}};
  const auto breakdown = group_by_label(queries, source, labels);
  REQUIRE(breakdown.groups.size() == 4);
  CHECK(breakdown.groups[0].name == "noun");
  CHECK(breakdown.groups[0].members == Members{1});
  CHECK(breakdown.groups[1].name == "verb");
  CHECK(breakdown.groups[3].name == "(none)");
  CHECK(breakdown.groups[3].members == Members{3});
}

TEST_CASE("groups are scored by their members") {
  BliRetrievalResult scored;
  scored.ranks = {1, 2, 4, 10};
  const auto score = score_group({"some", {1, 2}}, scored, {1, 2, 5});
  CHECK(score.precision == std::vector<double>{0, 0.5, 1});
  CHECK(score.mrr == 0.375);
}

TEST_CASE("hubs and their victims are counted") {
  // All sources point near target 0; targets 1 to 40 are scattered around them.
  Matrix source = 0.3f * test::random_matrix(60, 30, 1);
  source.col(0).array() += 1;
  source.rowwise().normalize();
  Matrix target = test::random_unit_rows(41, 30, 2);
  target.row(0).setZero();
  target(0, 0) = 1;
  BliRetrievalResult scored;
  scored.retrieval = Retrieval::nn;
  scored.ranks = {2, 1, 3};
  scored.candidates.index.resize(3, 1);
  scored.candidates.index << 0, 0, 7;
  const auto hubs =
      find_hub_victims(source, target, {scored}, find_topk(source, target, {.row_k = 4}).rows, 1)
          .front();
  CHECK(hubs.hubs == std::vector<Index>{0});
  REQUIRE(hubs.counts.size() == 1);
  CHECK(hubs.counts[0] >= 40);
  CHECK(hubs.wrong == 2);
  CHECK(hubs.victims == 1);
}

TEST_CASE("hubs of every way of retrieval are those of a search with its terms") {
  const Matrix source = test::random_unit_rows(300, 8, 1);
  const Matrix target = test::random_unit_rows(200, 8, 2);
  BliQueries queries;
  queries.total = 40;
  for (Index q = 0; q < queries.total; ++q) queries.covered.push_back({q, {q}});
  const BliOptions options{.retrievals = {Retrieval::nn, Retrieval::csls, Retrieval::isf},
                           .resamples = 0};
  const BliNeighbors neighbors = find_bli_neighbors(source, target, options, 5);
  CHECK(neighbors.target_means == neighborhood_means(target, source, options.retrieval.csls_k));
  const BliResult result = evaluate_bli(source, target, queries, options, neighbors.target_means);
  const BliResult alone = evaluate_bli(source, target, queries, options);
  for (std::size_t r = 0; r < 3; ++r)
    CHECK(result.retrievals[r].ranks == alone.retrievals[r].ranks);
  const auto all = find_hub_victims(source, target, result.retrievals, neighbors.nearest, 5);
  REQUIRE(all.size() == 3);
  for (std::size_t r = 0; r < all.size(); ++r) {
    RetrievalOptions retrieval;
    retrieval.retrieval = options.retrievals[r];
    const ScoreTerms terms = score_terms(source, target, retrieval);
    const auto lists = find_topk(source, target, {.row_k = 5, .column_terms = terms.target}).rows;
    const auto occurrences = count_occurrences(lists, 200);
    REQUIRE_FALSE(all[r].hubs.empty());
    for (std::size_t h = 0; h < all[r].hubs.size(); ++h)
      CHECK(all[r].counts[h] == occurrences[static_cast<std::size_t>(all[r].hubs[h])]);
    CHECK(std::ranges::count_if(occurrences, [&](Index n) { return n > all[r].threshold; }) ==
          static_cast<std::ptrdiff_t>(all[r].hubs.size()));
  }
  CHECK(all[0].counts != all[1].counts);
}
