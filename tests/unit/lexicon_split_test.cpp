#include "support/catch.hpp"

#include <xalign/error.h>
#include <xalign/lexicon_split.h>

#include <set>

using namespace xalign;

namespace {

Lexicon sample() {
  Lexicon lexicon;
  for (int i = 0; i < 300; ++i)
    lexicon.push_back({"s" + std::to_string(i * 7 % 200), "t" + std::to_string(i)});
  return lexicon;
}

std::set<std::string> sources(const Lexicon& lexicon) {
  std::set<std::string> words;
  for (const auto& entry : lexicon) words.insert(entry.source);
  return words;
}

}  // namespace

TEST_CASE("no source word stands on both sides, and none is lost") {
  const Lexicon lexicon = sample();
  const auto split = split_lexicon(lexicon, nullptr, {.test_sources = 60});
  CHECK(split.train.size() + split.test.size() == lexicon.size());
  CHECK(sources(split.test).size() == 60);
  for (const auto& word : sources(split.test)) CHECK_FALSE(sources(split.train).contains(word));
}

TEST_CASE("every frequency bin gives its share") {
  Vocabulary vocabulary;
  for (int i = 0; i < 150; ++i) vocabulary.insert("s" + std::to_string(i));
  const auto split =
      split_lexicon(sample(), &vocabulary, {.test_sources = 40, .bins = 5, .seed = 9});
  std::vector<int> bins(7);
  for (const auto& word : sources(split.test)) {
    const auto index = vocabulary.find(word);
    ++bins[index ? static_cast<std::size_t>(*index / 30) : 6];
  }
  for (int bin = 0; bin < 5; ++bin) CHECK(bins[static_cast<std::size_t>(bin)] == 6);
  CHECK(bins[6] == 10);
}

TEST_CASE("the same seed gives the same split") {
  const auto once = split_lexicon(sample(), nullptr, {.test_sources = 50, .seed = 4});
  const auto again = split_lexicon(sample(), nullptr, {.test_sources = 50, .seed = 4});
  const auto other = split_lexicon(sample(), nullptr, {.test_sources = 50, .seed = 5});
  CHECK(sources(once.test) == sources(again.test));
  CHECK(sources(once.test) != sources(other.test));
}

TEST_CASE("a test part that leaves nothing to train on is refused") {
  CHECK_THROWS_AS(split_lexicon(sample(), nullptr, {.test_sources = 200}), Error);
  CHECK_THROWS_AS(split_lexicon(sample(), nullptr, {.test_sources = 0}), Error);
}
