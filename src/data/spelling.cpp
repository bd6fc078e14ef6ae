#include "core/parallel_for.h"
#include "core/transliterate.h"

#include <xalign/spelling.h>

#include <algorithm>
#include <array>

namespace xalign {
namespace {

constexpr std::size_t kLongestKey = 64;  // bits of the words of `edit_distance`
constexpr char32_t kEnd = 1;             // marks both ends of a key; not a letter
constexpr std::size_t kBlock = 1024;

bool is_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}

DigitClass digit_class(std::u32string_view key) {
  const auto digits = std::count_if(key.begin(), key.end(), is_digit);
  if (digits == 0) return DigitClass::none;
  return static_cast<std::size_t>(digits) == key.size() ? DigitClass::all : DigitClass::some;
}

/// A number of its own for every n-gram of ASCII; others may share one, which does little harm.
std::uint32_t combine(std::uint32_t gram, char32_t next) {
  return (gram << 7U) ^ (next < 0x80 ? next : static_cast<std::uint32_t>(next) * 0x9e3779b1U);
}

void append_grams(std::u32string_view key, std::size_t n, std::vector<std::uint32_t>& grams) {
  const std::size_t begin = grams.size();
  const auto letter = [&](std::size_t i) { return i == 0 || i > key.size() ? kEnd : key[i - 1]; };
  for (std::size_t i = 0; !key.empty() && i + n <= key.size() + 2; ++i) {
    std::uint32_t gram = 0;
    for (std::size_t j = i; j < i + n; ++j) gram = combine(gram, letter(j));
    grams.push_back(gram);
  }
  const auto first = grams.begin() + static_cast<std::ptrdiff_t>(begin);
  std::sort(first, grams.end());
  grams.erase(std::unique(first, grams.end()), grams.end());
}

/// Levenshtein's distance by 64 cells of a column at a time (Myers 1999, Hyyro 2003). Bit i of
/// `plus` and `minus` tells that cell i + 1 is one more or one less than cell i.
std::size_t edit_distance(std::u32string_view a, std::u32string_view b) {
  std::array<std::uint64_t, 128> where{};  // bit i: a[i] is this character
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] < where.size()) where[a[i]] |= std::uint64_t{1} << i;
  const auto places_of = [&](char32_t c) {
    if (c < where.size()) return where[c];
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < a.size(); ++i) bits |= std::uint64_t{a[i] == c} << i;
    return bits;
  };
  const std::uint64_t last = std::uint64_t{1} << (a.size() - 1);
  std::uint64_t plus = ~std::uint64_t{0}, minus = 0;
  std::size_t distance = a.size();
  for (const char32_t c : b) {
    const std::uint64_t equal = places_of(c);
    const std::uint64_t vertical = equal | minus;
    const std::uint64_t diagonal = (((equal & plus) + plus) ^ plus) | equal;
    std::uint64_t right_plus = minus | ~(diagonal | plus);
    std::uint64_t right_minus = plus & diagonal;
    if ((right_plus & last) != 0) ++distance;
    if ((right_minus & last) != 0) --distance;
    right_plus = (right_plus << 1U) | 1U;
    right_minus <<= 1U;
    plus = right_minus | ~(vertical | right_plus);
    minus = right_plus & vertical;
  }
  return distance;
}

std::vector<std::string_view> first_words(const Vocabulary& words, Index first) {
  std::vector<std::string_view> list;
  for (Index word = 0; word < std::min(first, words.size()); ++word) list.push_back(words[word]);
  return list;
}

}  // namespace

std::u32string spelling_key(std::string_view word) {
  std::u32string key = to_plain_latin(word);
  key.resize(std::min(key.size(), kLongestKey));
  return key;
}

std::span<const std::uint32_t> SpellingTable::Grams::of(Index word) const {
  const auto i = static_cast<std::size_t>(word);
  return std::span(numbers).subspan(begins[i], begins[i + 1] - begins[i]);
}

std::u32string_view SpellingTable::key(Index word) const {
  const auto i = static_cast<std::size_t>(word);
  return std::u32string_view(text_).substr(begins_[i], begins_[i + 1] - begins_[i]);
}

SpellingTable::SpellingTable(const Vocabulary& words, Index first)
    : SpellingTable(first_words(words, first)) {}

SpellingTable::SpellingTable(std::span<const std::string_view> words) {
  std::vector<std::u32string> keys(words.size());
  const Blocks blocks{words.size(), kBlock};
  parallel_for(blocks.count(), [&](std::size_t block) {
    for (std::size_t i = blocks.begin(block); i < blocks.begin(block) + blocks.length(block); ++i)
      keys[i] = spelling_key(words[i]);
  });
  for (const std::u32string& key : keys) {
    text_ += key;
    begins_.push_back(text_.size());
    append_grams(key, 2, bigrams_.numbers);
    bigrams_.begins.push_back(bigrams_.numbers.size());
    append_grams(key, 3, trigrams_.numbers);
    trigrams_.begins.push_back(trigrams_.numbers.size());
    digits_.push_back(digit_class(key));
  }
}

float edit_similarity(std::u32string_view a, std::u32string_view b) {
  if (a.empty() || b.empty()) return 0;
  a = a.substr(0, kLongestKey);
  b = b.substr(0, kLongestKey);
  return 1 -
         static_cast<float>(edit_distance(a, b)) / static_cast<float>(std::max(a.size(), b.size()));
}

float dice(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  if (a.empty() && b.empty()) return 0;
  std::size_t common = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    common += a[i] == b[j] ? 1 : 0;
    const bool step_a = a[i] <= b[j], step_b = b[j] <= a[i];
    i += step_a ? 1 : 0;
    j += step_b ? 1 : 0;
  }
  return 2 * static_cast<float>(common) / static_cast<float>(a.size() + b.size());
}

SpellingSimilarity compare_spelling(const SpellingTable& source, Index source_word,
                                    const SpellingTable& target, Index target_word) {
  const std::u32string_view a = source.key(source_word), b = target.key(target_word);
  if (a.empty() || b.empty()) return {};
  const auto ends = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  const auto prefix = static_cast<std::size_t>(ends.first - a.begin());
  const std::size_t longer = std::max(a.size(), b.size()), shorter = std::min(a.size(), b.size());
  const DigitClass digits = source.digits(source_word);
  SpellingSimilarity similarity;
  similarity.edit = edit_similarity(a, b);
  similarity.bigram_dice = dice(source.bigrams(source_word), target.bigrams(target_word));
  similarity.trigram_dice = dice(source.trigrams(source_word), target.trigrams(target_word));
  similarity.prefix = static_cast<float>(prefix) / static_cast<float>(longer);
  similarity.long_prefix = prefix >= 4 ? 1 : 0;
  similarity.length_difference = static_cast<float>(longer - shorter);
  similarity.equal = a == b ? 1 : 0;
  similarity.digits = digits != DigitClass::none && digits == target.digits(target_word) ? 1 : 0;
  return similarity;
}

}  // namespace xalign
