#include "support/catch.hpp"

#include <xalign/error.h>
#include <xalign/lexicon.h>

using namespace xalign;

namespace {

Vocabulary words(std::initializer_list<const char*> list) {
  Vocabulary vocabulary;
  for (const char* word : list) vocabulary.insert(word);
  return vocabulary;
}

}  // namespace

TEST_CASE("covered pairs are found once each, in dictionary order") {
  const auto source = words({"cat", "dog", "New_York"});
  const auto target = words({"chat", "chien", "New_York"});
  const Lexicon lexicon = {{"dog", "chien", 2},      {"cat", "chat"},  {"dog", "chien", 5},
                           {"New York", "New York"}, {"cow", "vache"}, {"cow", "vache"}};
  const auto [pairs, coverage] = index_lexicon(lexicon, source, target);
  REQUIRE(pairs.size() == 3);
  CHECK((pairs[0].source == 1 && pairs[0].target == 1 && pairs[0].weight == 2));
  CHECK((pairs[2].source == 2 && pairs[2].target == 2));
  CHECK(coverage.entries == 6);
  CHECK(coverage.repeated == 2);
  CHECK(coverage.covered == 3);
  CHECK(coverage.oov_source == 1);
  CHECK(coverage.oov_target_examples == std::vector<std::string>{"vache"});
}

TEST_CASE("case policies and the gain of lower-casing") {
  const auto source = words({"cat", "dog", "été"});
  const auto target = words({"chat", "chien", "summer"});
  const Lexicon lexicon = {{"Cat", "Chat"}, {"dog", "chien"}, {"ÉTÉ", "SUMMER"}};
  const auto exact = index_lexicon(lexicon, source, target);
  CHECK(exact.coverage.covered == 1);
  CHECK(exact.coverage.lower_gain == 2);
  CHECK(index_lexicon(lexicon, source, target, CasePolicy::lower).coverage.covered == 3);
}

TEST_CASE("a dictionary without a covered pair is refused with the way out") {
  const auto source = words({"cat"}), target = words({"chat"});
  const auto indexed = index_lexicon({{"Cat", "Chat"}}, source, target);
  CHECK_THROWS_WITH(require_covered(indexed, "d.tsv"),
                    "d.tsv: none of 1 pairs has both words in the vectors (1 source words unknown, "
                    "e.g. 'Cat'; 1 target words unknown, e.g. 'Chat') (expected at least one "
                    "covered pair); --case lower would cover 1 pairs");
  CHECK_NOTHROW(require_covered(index_lexicon({{"cat", "chat"}}, source, target), "d.tsv"));
}
