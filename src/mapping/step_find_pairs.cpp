#include "mapping/steps.h"

#include <xalign/error.h>
#include <xalign/spelling_pairs.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace xalign {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// "1984", "3.5", "12:30", "50%".
bool is_numeral(std::string_view word) {
  return std::any_of(word.begin(), word.end(), is_digit) &&
         word.find_first_not_of("0123456789.,:/-+%") == std::string_view::npos;
}

Index count_code_points(std::string_view word) {
  return static_cast<Index>(std::count_if(word.begin(), word.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::vector<WordPair> find_alike(const FindPairs& step, const Vocabulary& source,
                                 const Vocabulary& target) {
  const auto limit = [&](Index size) {
    return step.cutoff > 0 ? std::min(step.cutoff, size) : size;
  };
  std::vector<WordPair> pairs;
  for (Index i = 0; i < limit(source.size()); ++i) {
    const std::string_view word = source[i];
    if (step.source == PairSource::numerals && !is_numeral(word)) continue;
    if (count_code_points(word) < step.min_letters) continue;
    const auto j = target.find(word);
    if (j && *j < limit(target.size())) pairs.push_back({i, *j, 1});
  }
  return pairs;
}

SpellingPairsOptions spelling_options(const FindPairs& step) {
  return {.first = step.cutoff > 0 ? step.cutoff : std::numeric_limits<Index>::max(),
          .min_letters = step.min_letters,
          .min_similarity = step.min_similarity};
}

}  // namespace

std::string_view to_string(PairSource source) {
  constexpr std::array<std::string_view, 3> kNames{"identical", "numerals", "spelling"};
  return kNames.at(static_cast<std::size_t>(source));
}

void FindPairs::validate() const {
  if (cutoff < 0) throw Error(ErrorKind::config, "cutoff", fmt::format("{}", cutoff), "0 or more");
  if (min_letters < 1)
    throw Error(ErrorKind::config, "min_letters", fmt::format("{}", min_letters), "1 or more");
  if (!(min_similarity > 0 && min_similarity <= 1))
    throw Error(ErrorKind::config, "min_similarity", fmt::format("{}", min_similarity),
                "above 0, up to 1");
  if (!(seed_weight >= 0 && seed_weight <= 1e6))
    throw Error(ErrorKind::config, "seed_weight", fmt::format("{}", seed_weight), "0 to 1e6");
}

void run(const FindPairs& step, LearnState& state) {
  std::vector<WordPair> found =
      step.source == PairSource::spelling
          ? find_spelling_pairs(state.source_keys(), state.target_keys(), spelling_options(step))
          : find_alike(step, state.source_words, state.target_words);
  state.pairs = with_seeds(std::move(found), state, step.seed_weight);
  if (state.pairs.empty())
    throw Error(ErrorKind::data, "init", fmt::format("no {} pairs found", to_string(step.source)),
                "words that the vocabularies share", "give a dictionary, or choose another start");
  state.monitor.record({.step = fmt::format("find {} pairs", to_string(step.source)),
                        .pairs = static_cast<Index>(state.pairs.size())});
}

}  // namespace xalign
