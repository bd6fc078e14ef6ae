#include <xalign/error.h>
#include <xalign/lexicon_split.h>
#include <xalign/random.h>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace xalign {
namespace {

using Words = std::vector<std::string_view>;

/// The different source words, in order of appearance.
Words source_words(const Lexicon& lexicon) {
  Words words;
  std::unordered_set<std::string_view> seen;
  for (const auto& entry : lexicon)
    if (seen.insert(entry.source).second) words.push_back(entry.source);
  return words;
}

/// Known words in frequency order cut into `count` bins of nearly equal size; unknown words last.
std::vector<Words> frequency_bins(const Words& words, const Vocabulary* vocabulary, int count) {
  if (vocabulary == nullptr) return {words};
  std::vector<std::pair<Index, std::string_view>> known;
  Words unknown;
  for (const auto word : words) {
    const auto index = find_word(*vocabulary, word);
    if (index)
      known.emplace_back(*index, word);
    else
      unknown.push_back(word);
  }
  std::sort(known.begin(), known.end());
  std::vector<Words> bins(std::min(static_cast<std::size_t>(count), known.size()));
  for (std::size_t i = 0; i < known.size(); ++i)
    bins[i * bins.size() / known.size()].push_back(known[i].second);
  bins.push_back(unknown);
  return bins;
}

}  // namespace

void SplitOptions::validate() const {
  if (test_sources < 1)
    throw Error(ErrorKind::config, "test", fmt::format("{} source words", test_sources),
                "at least 1");
  if (bins < 1) throw Error(ErrorKind::config, "bins", fmt::format("{}", bins), "at least 1");
}

LexiconSplit split_lexicon(const Lexicon& lexicon, const Vocabulary* vocabulary,
                           const SplitOptions& options) {
  options.validate();
  const Words words = source_words(lexicon);
  const auto wanted = static_cast<std::size_t>(options.test_sources);
  if (wanted >= words.size())
    throw Error(ErrorKind::config, "test",
                fmt::format("{} of {} different source words", wanted, words.size()),
                "fewer, so that some are left for training");

  Random random(options.seed);
  std::unordered_set<std::string_view> test;
  std::size_t passed = 0;
  for (Words& bin : frequency_bins(words, vocabulary, options.bins)) {
    // The shares of all bins so far, rounded once, so that they add up to exactly `wanted`.
    const std::size_t before = passed * wanted / words.size();
    passed += bin.size();
    const std::size_t share = passed * wanted / words.size() - before;
    for (std::size_t i = 0; i < share; ++i) {
      std::swap(bin[i], bin[i + random.below(bin.size() - i)]);
      test.insert(bin[i]);
    }
  }
  LexiconSplit split;
  for (const auto& entry : lexicon)
    (test.contains(entry.source) ? split.test : split.train).push_back(entry);
  return split;
}

}  // namespace xalign
