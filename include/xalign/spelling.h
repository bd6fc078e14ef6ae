#pragma once

#include <xalign/topk.h>
#include <xalign/vocabulary.h>

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xalign {

/// What spellings are compared by: `word` in Latin letters (ICU's Any-Latin), lower-case and
/// without accents, letters and digits only, as code points; what no rule transliterates stays.
/// "Élan" gives "elan", "Женева" "zeneva", "1,000" "1000", "?" and what is not UTF-8 nothing.
/// Cut off after 64 code points.
std::u32string spelling_key(std::string_view word);

/// Which part of a key is digits.
enum class DigitClass : std::uint8_t { none, some, all };

/// The keys of a vocabulary with their n-grams, made once.
class SpellingTable {
 public:
  SpellingTable() = default;
  /// @param first  only the first words; all if there are fewer
  explicit SpellingTable(const Vocabulary& words, Index first = std::numeric_limits<Index>::max());
  explicit SpellingTable(std::span<const std::string_view> words);

  Index size() const { return static_cast<Index>(digits_.size()); }
  std::u32string_view key(Index word) const;
  /// The different n-grams of a key with its two ends marked, as ascending numbers.
  std::span<const std::uint32_t> bigrams(Index word) const { return bigrams_.of(word); }
  std::span<const std::uint32_t> trigrams(Index word) const { return trigrams_.of(word); }
  DigitClass digits(Index word) const { return digits_[static_cast<std::size_t>(word)]; }

 private:
  struct Grams {
    std::vector<std::uint32_t> numbers;
    std::vector<std::size_t> begins = {0};
    std::span<const std::uint32_t> of(Index word) const;
  };
  std::u32string text_;
  std::vector<std::size_t> begins_ = {0};
  Grams bigrams_, trigrams_;
  std::vector<DigitClass> digits_;
};

/// 1 - (insertions, deletions and substitutions) / (length of the longer key); 0 with an empty key.
/// From 0.6 on two words are called cognates.
float edit_similarity(std::u32string_view a, std::u32string_view b);

/// 2 |A and B| / (|A| + |B|) of two ascending lists without repetitions; 0 if both are empty.
float dice(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

/// How alike two words are spelt. All 0 when a key is empty.
struct SpellingSimilarity {
  float edit = 0;
  float bigram_dice = 0;
  float trigram_dice = 0;
  float prefix = 0;       ///< common prefix / length of the longer key
  float long_prefix = 0;  ///< 1 if the first four characters agree
  float length_difference = 0;
  float equal = 0;   ///< 1 if the keys are equal
  float digits = 0;  ///< 1 if both have digits and are of the same DigitClass
};
SpellingSimilarity compare_spelling(const SpellingTable& source, Index source_word,
                                    const SpellingTable& target, Index target_word);

/// Finds words by what bigrams they share, through lists of the words of every bigram. Refers to
/// the table, which must outlive it.
class SpellingIndex {
 public:
  /// @param first  only the first words are found
  explicit SpellingIndex(const SpellingTable& table,
                         Index first = std::numeric_limits<Index>::max());
  explicit SpellingIndex(SpellingTable&&, Index = 0) = delete;

  /// For each of the given words of `queries` the k words with the largest bigram Dice above 0,
  /// best first, ties to the smaller index; filled up as in TopkLists.
  TopkLists find(const SpellingTable& queries, std::span<const Index> words, int k) const;

 private:
  const SpellingTable& table_;
  Index first_;
  std::vector<std::uint32_t> bigrams_;  // ascending
  std::vector<std::size_t> begins_;     // of the words of each
  std::vector<Index> words_;
};

}  // namespace xalign
