#include "core/parallel_for.h"

#include <xalign/error.h>
#include <xalign/spelling.h>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace xalign {
namespace {

constexpr std::size_t kBlock = 256;

/// Words whose counts are looked at together.
constexpr std::size_t kChunk = 64;

/// The k best words of one query, offered in ascending order.
class Best {
 public:
  Best(TopkLists& lists, Eigen::Index row, std::size_t grams)
      : lists_(lists), row_(row), grams_(grams) {}

  /// The fewest common bigrams with which a word can still come in: it has at least as many.
  std::uint8_t needed() const { return needed_; }

  void offer(Index word, std::size_t common, std::size_t grams) {
    const float score = dice_of(common, grams);
    Eigen::Index place = lists_.k();
    while (place > 0 && score > lists_.score(row_, place - 1)) --place;
    if (place == lists_.k()) return;
    for (Eigen::Index i = lists_.k() - 1; i > place; --i) {
      lists_.index(row_, i) = lists_.index(row_, i - 1);
      lists_.score(row_, i) = lists_.score(row_, i - 1);
    }
    lists_.index(row_, place) = word;
    lists_.score(row_, place) = score;
    while (dice_of(needed_, needed_) <= lists_.score(row_, lists_.k() - 1)) ++needed_;
  }

 private:
  float dice_of(std::size_t common, std::size_t grams) const {
    return 2 * static_cast<float>(common) / static_cast<float>(grams_ + grams);
  }

  TopkLists& lists_;
  Eigen::Index row_;
  std::size_t grams_;
  std::uint8_t needed_ = 1;
};

}  // namespace

SpellingIndex::SpellingIndex(const SpellingTable& table, Index first)
    : table_(table), first_(std::clamp(first, Index{0}, table.size())) {
  for (Index word = 0; word < first_; ++word) {
    const auto grams = table.bigrams(word);
    bigrams_.insert(bigrams_.end(), grams.begin(), grams.end());
  }
  std::sort(bigrams_.begin(), bigrams_.end());
  begins_.push_back(0);
  std::size_t different = 0;
  for (std::size_t i = 0; i < bigrams_.size(); ++i) {
    if (i > 0 && bigrams_[i] == bigrams_[i - 1]) continue;
    if (i > 0) begins_.push_back(i);
    bigrams_[different++] = bigrams_[i];
  }
  words_.resize(bigrams_.size());
  if (different > 0) begins_.push_back(bigrams_.size());
  bigrams_.resize(different);
  std::vector<std::size_t> next(begins_.begin(), begins_.end());
  for (Index word = 0; word < first_; ++word)
    for (const std::uint32_t gram : table.bigrams(word)) {
      const auto place = std::lower_bound(bigrams_.begin(), bigrams_.end(), gram);
      words_[next[static_cast<std::size_t>(place - bigrams_.begin())]++] = word;
    }
}

TopkLists SpellingIndex::find(const SpellingTable& queries, std::span<const Index> words,
                              int k) const {
  if (k < 1 || k > kMaxTopk)
    throw Error(ErrorKind::config, "k", fmt::format("{}", k), fmt::format("1 to {}", kMaxTopk));
  const auto count = static_cast<Eigen::Index>(words.size());
  TopkLists lists;
  lists.index.setConstant(count, k, -1);
  lists.score.setConstant(count, k, -std::numeric_limits<float>::infinity());
  const Blocks blocks{words.size(), kBlock};
  parallel_for(blocks.count(), [&](std::size_t block) {
    // Bigrams that each word has in common with the query.
    std::vector<std::uint8_t> common((static_cast<std::size_t>(first_) / kChunk + 1) * kChunk);
    for (std::size_t q = blocks.begin(block); q < blocks.begin(block) + blocks.length(block); ++q) {
      const auto grams = queries.bigrams(words[q]);
      for (const std::uint32_t gram : grams) {
        const auto place = std::lower_bound(bigrams_.begin(), bigrams_.end(), gram);
        if (place == bigrams_.end() || *place != gram) continue;
        const auto list = static_cast<std::size_t>(place - bigrams_.begin());
        for (std::size_t i = begins_[list]; i < begins_[list + 1]; ++i)
          ++common[static_cast<std::size_t>(words_[i])];
      }
      Best best(lists, static_cast<Eigen::Index>(q), grams.size());
      for (std::size_t chunk = 0; chunk < common.size(); chunk += kChunk) {
        std::uint8_t most = 0;
        for (std::size_t i = chunk; i < chunk + kChunk; ++i) most = std::max(most, common[i]);
        if (most == 0) continue;
        for (std::size_t i = chunk; most >= best.needed() && i < chunk + kChunk; ++i)
          if (common[i] >= best.needed())
            best.offer(static_cast<Index>(i), common[i],
                       table_.bigrams(static_cast<Index>(i)).size());
        std::fill_n(common.begin() + static_cast<std::ptrdiff_t>(chunk), kChunk, std::uint8_t{0});
      }
    }
  });
  return lists;
}

}  // namespace xalign
