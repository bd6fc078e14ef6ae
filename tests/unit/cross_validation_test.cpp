#include "support/catch.hpp"
#include "support/multistep_twin.h"
#include "support/toy_mapping.h"

#include <xalign/cross_validation.h>
#include <xalign/error.h>

#include <algorithm>
#include <map>
#include <set>

using namespace xalign;

namespace {

Lexicon numbered_pairs(int count) {
  Lexicon lexicon;
  for (int i = 0; i < count; ++i)
    lexicon.push_back({"s" + std::to_string(i), "t" + std::to_string(i)});
  return lexicon;
}

}  // namespace

TEST_CASE("folds take whole source words, evenly") {
  Lexicon lexicon = numbered_pairs(20);
  for (int i = 0; i < 20; i += 2) lexicon.push_back({"s" + std::to_string(i), "other"});
  const auto folds = assign_folds(lexicon, 3, 1);
  std::map<std::string, int> fold_of;
  std::map<int, std::set<std::string>> words;
  for (std::size_t i = 0; i < lexicon.size(); ++i) {
    CHECK(fold_of.emplace(lexicon[i].source, folds[i]).first->second == folds[i]);
    words[folds[i]].insert(lexicon[i].source);
  }
  REQUIRE(words.size() == 3);
  for (const auto& [fold, members] : words) CHECK((members.size() == 6 || members.size() == 7));
  CHECK(assign_folds(lexicon, 3, 1) == folds);
  CHECK(assign_folds(lexicon, 3, 2) != folds);
  CHECK_THROWS_AS(assign_folds(lexicon, 21, 1), Error);
  const Lexicon cased = {{"Paris", "a"}, {"paris", "b"}};
  CHECK_THROWS_AS(assign_folds(cased, 2, 1, CasePolicy::lower), Error);
}

TEST_CASE("cross-validation scores every word by a map that has not seen it") {
  // The target is the source, turned: found from other pairs only if they are related.
  auto source = test::toy_embeddings(100, 10, "s", 1);
  auto target = test::toy_embeddings(100, 10, "t", 2);
  target.vectors = source.vectors * test::random_orthogonal(10, 3);
  const auto kept = source.vectors;
  const auto result =
      cross_validate(source, target, numbered_pairs(60), make_method("procrustes"), {.folds = 4});
  CHECK(source.vectors == kept);
  REQUIRE(result.folds.size() == 4);
  CHECK(result.pooled_queries.total == 60);
  CHECK(result.pooled_queries.covered.size() == 60);
  for (const Index pairs : result.train_pairs) CHECK(pairs == 45);
  CHECK(result.pooled.retrievals[1].precision[0].covered == 1);
  CHECK(result.pooled.retrievals[1].ranks.size() == 60);
  CHECK(result.pooled.retrievals[1].candidates.rows() == 60);
  std::set<Index> asked;
  for (const BliQuery& query : result.pooled_queries.covered) asked.insert(query.source);
  CHECK(asked.size() == 60);
  CHECK_THROWS_AS(
      cross_validate(source, target, numbered_pairs(60), make_method("procrustes"), {.folds = 1}),
      Error);
  // Of two words with vectors, no third part can ask for one.
  Lexicon few = numbered_pairs(2);
  few.push_back({"unknown", "t3"});
  CHECK_THROWS_AS(cross_validate(source, target, few, make_method("procrustes"), {.folds = 3}),
                  Error);
}
