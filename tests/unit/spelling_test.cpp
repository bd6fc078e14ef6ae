#include "support/catch.hpp"

#include <xalign/error.h>
#include <xalign/parallel.h>
#include <xalign/random.h>
#include <xalign/spelling_pairs.h>
#include <xalign/text.h>

#include <algorithm>
#include <numeric>
#include <set>

using namespace xalign;

namespace {

Vocabulary words_of(const std::vector<std::string>& list) {
  Vocabulary words;
  for (const auto& word : list) words.insert(word);
  return words;
}

std::string random_word(Random& random, std::uint64_t letters, std::uint64_t longest) {
  std::string word;
  for (auto left = 1 + random.below(longest); left > 0; --left)
    word += static_cast<char>('a' + random.below(letters));
  return word;
}

Vocabulary random_words(Index count, std::uint64_t seed) {
  Random random(seed);
  Vocabulary words;
  while (words.size() < count) words.insert(random_word(random, 5, 9));
  return words;
}

std::u32string widened(const std::string& text) {
  return {text.begin(), text.end()};
}

/// Levenshtein's distance by the table of its definition.
std::size_t plain_distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> cells(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j)
      cells[i][j] = i == 0   ? j
                    : j == 0 ? i
                             : std::min({cells[i - 1][j] + 1, cells[i][j - 1] + 1,
                                         cells[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
  return cells[a.size()][b.size()];
}

/// Dice over the pairs of neighbours of "^word$".
double plain_dice(const std::string& a, const std::string& b) {
  const auto grams = [](const std::string& word) {
    const std::string ended = "^" + word + "$";
    std::set<std::string> all;
    for (std::size_t i = 0; i + 2 <= ended.size(); ++i) all.insert(ended.substr(i, 2));
    return all;
  };
  const auto of_a = grams(a), of_b = grams(b);
  const auto common = std::count_if(of_a.begin(), of_a.end(),
                                    [&](const auto& gram) { return of_b.contains(gram); });
  return 2.0 * static_cast<double>(common) / static_cast<double>(of_a.size() + of_b.size());
}

}  // namespace

TEST_CASE("keys are plain Latin letters and digits") {
  CHECK(spelling_key("Élan") == U"elan");
  CHECK(spelling_key("Женева") == U"zeneva");
  CHECK(spelling_key("vul’f") == U"vulf");
  CHECK(spelling_key("вульф") == U"vulf");
  CHECK(spelling_key("Αθήνα") == U"athena");
  CHECK(spelling_key("Straße") == U"strasse");
  CHECK(spelling_key("1,000") == U"1000");
  CHECK(spelling_key("new_york") == U"newyork");
  CHECK(spelling_key("?!").empty());
  CHECK(spelling_key("").empty());
  CHECK(spelling_key("\xff\xfe").empty());
  CHECK(spelling_key(std::string(100, 'a')).size() == 64);
}

TEST_CASE("edit similarity is that of the plain table") {
  Random random(1);
  for (int i = 0; i < 2000; ++i) {
    const std::string a = random_word(random, 3, i % 100 == 0 ? 64 : 9);
    const std::string b = random_word(random, 3, i % 70 == 0 ? 64 : 9);
    const float expected = 1 - static_cast<float>(plain_distance(a, b)) /
                                   static_cast<float>(std::max(a.size(), b.size()));
    REQUIRE(edit_similarity(widened(a), widened(b)) == expected);
  }
  CHECK(edit_similarity(U"", U"a") == 0);
  CHECK(edit_similarity(U"", U"") == 0);
  CHECK(edit_similarity(U"日本", U"日本") == 1);
  CHECK(edit_similarity(U"日本", U"日") == 0.5F);
}

TEST_CASE("spelling similarities of a pair") {
  const SpellingTable source(words_of({"революция", "12", "!", "b2"}));
  const SpellingTable target(words_of({"révolution", "12", "13", "b3"}));
  const SpellingSimilarity cognates = compare_spelling(source, 0, target, 0);
  CHECK(cognates.edit == 0.7F);
  CHECK(cognates.prefix == 0.6F);
  CHECK(cognates.long_prefix == 1);
  CHECK(cognates.length_difference == 1);
  CHECK(cognates.equal == 0);
  CHECK(cognates.digits == 0);
  CHECK(cognates.bigram_dice > cognates.trigram_dice);
  CHECK(compare_spelling(source, 1, target, 1).equal == 1);
  CHECK(compare_spelling(source, 1, target, 2).digits == 1);
  CHECK(compare_spelling(source, 1, target, 3).digits == 0);
  CHECK(compare_spelling(source, 3, target, 3).digits == 1);
  CHECK(compare_spelling(source, 2, target, 0).length_difference == 0);
  CHECK(SpellingTable(words_of({"a", "b"}), 1).size() == 1);
  CHECK(SpellingTable(Vocabulary{}).size() == 0);
}

TEST_CASE("the index finds what comparing all pairs finds") {
  const Vocabulary source = random_words(300, 2), target = random_words(700, 3);
  const SpellingTable from(source), to(target);
  const Index first = 650;
  std::vector<Index> queries(static_cast<std::size_t>(source.size()));
  std::iota(queries.begin(), queries.end(), 0);
  const TopkLists lists = SpellingIndex(to, first).find(from, queries, 7);
  for (const Index q : queries) {
    std::vector<std::pair<double, Index>> all;
    for (Index word = 0; word < first; ++word)
      all.emplace_back(-plain_dice(std::string(source[q]), std::string(target[word])), word);
    std::sort(all.begin(), all.end());
    for (Eigen::Index j = 0; j < 7; ++j) {
      const auto& [score, word] = all[static_cast<std::size_t>(j)];
      REQUIRE(lists.index(q, j) == (score == 0 ? -1 : word));
      if (score != 0) REQUIRE(lists.score(q, j) == static_cast<float>(-score));
    }
  }
  const ThreadLimit one(1);
  CHECK(SpellingIndex(to, first).find(from, queries, 7).index == lists.index);
  const Vocabulary none;
  const SpellingTable empty(none);
  CHECK(SpellingIndex(empty).find(from, queries, 2).index(0, 0) == -1);
  CHECK_THROWS_AS(SpellingIndex(to).find(from, queries, 0), Error);
}

TEST_CASE("spelling pairs are mutual, long and alike enough") {
  const SpellingTable source(words_of({"революция", "музыка", "кот", "президент", "резидент"}));
  const SpellingTable target(words_of({"président", "musique", "kot", "révolution", "resident"}));
  const auto pairs = find_spelling_pairs(source, target);
  REQUIRE(pairs.size() == 3);
  CHECK((pairs[0].source == 0 && pairs[0].target == 3));
  CHECK((pairs[1].source == 3 && pairs[1].target == 0));
  CHECK((pairs[2].source == 4 && pairs[2].target == 4));
  CHECK(find_spelling_pairs(source, target, {.min_letters = 3}).size() == 4);
  CHECK(find_spelling_pairs(source, target, {.first = 3}).empty());
  CHECK(find_spelling_pairs(source, target, {.min_similarity = 0.8}).size() == 2);
  CHECK_THROWS_AS(find_spelling_pairs(source, target, {.min_similarity = 0}), Error);
  CHECK_THROWS_AS(find_spelling_pairs(source, target, {.min_letters = 0}), Error);
}
