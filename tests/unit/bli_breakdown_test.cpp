#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/bli_breakdown.h>

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
  const auto hubs = find_hub_victims(source, target, scored, {}, 1);
  CHECK(hubs.hubs == std::vector<Index>{0});
  REQUIRE(hubs.counts.size() == 1);
  CHECK(hubs.counts[0] >= 40);
  CHECK(hubs.wrong == 2);
  CHECK(hubs.victims == 1);
}
