#include "core/parallel_for.h"

#include <xalign/error.h>
#include <xalign/spelling_pairs.h>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace xalign {
namespace {

/// For each of `words` the partner that is spelt most alike, -1 without one.
struct Partners {
  std::vector<Index> partner;  // of all words up to the last given
  std::vector<float> similarity;
};

std::vector<Index> long_enough(const SpellingTable& table, const SpellingPairsOptions& options) {
  std::vector<Index> words;
  for (Index word = 0; word < std::min(table.size(), options.first); ++word)
    if (table.key(word).size() >= static_cast<std::size_t>(options.min_letters))
      words.push_back(word);
  return words;
}

Partners find_partners(const SpellingTable& table, const SpellingTable& others,
                       const SpellingPairsOptions& options) {
  const std::vector<Index> words = long_enough(table, options);
  const TopkLists lists =
      SpellingIndex(others, options.first).find(table, words, options.candidates);
  Partners found;
  found.partner.resize(static_cast<std::size_t>(std::min(table.size(), options.first)), -1);
  found.similarity.resize(found.partner.size(), 0);
  const auto min_letters = static_cast<std::size_t>(options.min_letters);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    const auto word = static_cast<std::size_t>(words[i]);
    for (Eigen::Index j = 0; j < lists.k() && lists.index(row, j) >= 0; ++j) {
      const auto key = others.key(lists.index(row, j));
      if (key.size() < min_letters) continue;
      const float similarity = edit_similarity(table.key(words[i]), key);
      if (similarity <= found.similarity[word]) continue;
      found.similarity[word] = similarity;
      found.partner[word] = lists.index(row, j);
    }
  }
  return found;
}

}  // namespace

void SpellingPairsOptions::validate() const {
  const auto require = [](bool ok, const char* option, const auto& found, const char* expected) {
    if (!ok) throw Error(ErrorKind::config, option, fmt::format("{}", found), expected);
  };
  require(first >= 1, "first", first, "at least 1");
  require(min_letters >= 1, "min_letters", min_letters, "at least 1");
  require(min_similarity > 0 && min_similarity <= 1, "min_similarity", min_similarity,
          "above 0, at most 1");
  require(candidates >= 1 && candidates <= kMaxTopk, "candidates", candidates, "1 to 128");
}

std::vector<WordPair> find_spelling_pairs(const SpellingTable& source, const SpellingTable& target,
                                          const SpellingPairsOptions& options) {
  options.validate();
  const Partners forward = find_partners(source, target, options);
  const Partners backward = find_partners(target, source, options);
  std::vector<WordPair> pairs;
  for (std::size_t i = 0; i < forward.partner.size(); ++i) {
    const Index j = forward.partner[i];
    if (j < 0 || backward.partner[static_cast<std::size_t>(j)] != static_cast<Index>(i)) continue;
    if (forward.similarity[i] >= static_cast<float>(options.min_similarity))
      pairs.push_back({static_cast<Index>(i), j});
  }
  return pairs;
}

}  // namespace xalign
