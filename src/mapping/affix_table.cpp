#include "mapping/affix_table.h"

#include "core/hash.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace xalign {
namespace {

constexpr std::size_t kLongestBeginning = 6, kLongestEnding = 3;
constexpr Index kHead = 20000;    // candidates that shares are counted over
constexpr double kSmoothing = 5;  // s of the association
constexpr double kShareSmoothing = 20;
constexpr double kUnseen = 1000;  // affixes that no candidate has are as frequent as one of so many

/// The number of an affix; a word that is shorter than it stands for itself.
std::uint64_t beginning(std::u32string_view word, std::size_t length) {
  const std::u32string_view affix = word.substr(0, length);
  return hash_bytes(affix.data(), affix.size() * sizeof(char32_t), length);
}
std::uint64_t ending(std::u32string_view word, std::size_t length) {
  const std::u32string_view affix = word.substr(word.size() - std::min(word.size(), length));
  return hash_bytes(affix.data(), affix.size() * sizeof(char32_t), kLongestBeginning + length);
}

std::uint64_t joined(std::uint64_t a, std::uint64_t b) {
  const std::array<std::uint64_t, 2> both{a, b};
  return hash_bytes(both.data(), sizeof(both));
}

template <typename Visit>
void for_affixes(const Visit& visit) {
  for (std::size_t length = 1; length <= kLongestBeginning; ++length) visit(beginning, length);
  for (std::size_t length = 1; length <= kLongestEnding; ++length) visit(ending, length);
}

int count_of(const std::unordered_map<std::uint64_t, int>& counts, std::uint64_t affix) {
  const auto found = counts.find(affix);
  return found == counts.end() ? 0 : found->second;
}

}  // namespace

AffixTable::AffixTable(const SpellingTable& candidates, const std::vector<KeyPair>& known) {
  const Index head = std::min(candidates.size(), kHead);
  for (Index word = 0; word < head; ++word)
    for_affixes([&](auto affix, std::size_t length) {
      ++candidates_[affix(candidates.key(word), length)];
    });
  for (const KeyPair& pair : known)
    for_affixes([&](auto affix, std::size_t length) {
      const std::uint64_t a = affix(pair.first, length), b = affix(pair.second, length);
      ++queries_[a];
      ++answers_[b];
      ++both_[joined(a, b)];
    });
  known_ = static_cast<double>(known.size());
  all_ = head;
}

double AffixTable::base_share(std::uint64_t affix) const {
  return (count_of(candidates_, affix) + 1) / (all_ + kUnseen);
}

double AffixTable::share(std::uint64_t affix) const {
  return (count_of(answers_, affix) + kShareSmoothing * base_share(affix)) /
         (known_ + kShareSmoothing);
}

float AffixTable::association(std::uint64_t query, std::uint64_t candidate) const {
  const int asked = count_of(queries_, query);
  if (asked == 0) return 0;
  const int together = count_of(both_, joined(query, candidate));
  const double known = together == 0 ? 0 : together / share(candidate);
  return static_cast<float>(std::log((known + kSmoothing) / (asked + kSmoothing)));
}

AffixTable::Match AffixTable::compare(std::u32string_view query,
                                      std::u32string_view candidate) const {
  Match match;
  for (std::size_t length = 1; length <= kLongestBeginning; ++length)
    match.beginning += association(beginning(query, length), beginning(candidate, length));
  for (std::size_t length = 1; length <= kLongestEnding; ++length) {
    match.ending += association(ending(query, length), ending(candidate, length));
    const std::uint64_t first = beginning(candidate, length), last = ending(candidate, length);
    match.usual_beginning += static_cast<float>(std::log(share(first) / base_share(first)));
    match.usual_ending += static_cast<float>(std::log(share(last) / base_share(last)));
  }
  return match;
}

}  // namespace xalign
