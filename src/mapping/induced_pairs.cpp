#include "mapping/induced_pairs.h"

#include "core/hash.h"

#include <algorithm>
#include <array>

namespace xalign {
namespace {

/// For every row of the lists the first partner that dropout keeps, or -1.
template <typename Keeps>
std::vector<Index> best_partners(const TopkLists& lists, Keeps keeps) {
  std::vector<Index> best(static_cast<std::size_t>(lists.rows()), -1);
  for (Eigen::Index i = 0; i < lists.rows(); ++i) {
    for (Eigen::Index rank = 0; rank < lists.k() && lists.index(i, rank) >= 0; ++rank) {
      if (!keeps(static_cast<Index>(i), lists.index(i, rank))) continue;
      best[static_cast<std::size_t>(i)] = lists.index(i, rank);
      break;
    }
  }
  return best;
}

}  // namespace

bool Dropout::keeps(Index source, Index target) const {
  if (keep >= 1) return true;
  const std::array<std::uint64_t, 2> key{
      iteration, static_cast<std::uint64_t>(source) << 32 | static_cast<std::uint32_t>(target)};
  return static_cast<double>(hash_bytes(key.data(), sizeof key, seed) >> 11) * 0x1.0p-53 < keep;
}

std::vector<WordPair> induce_pairs(const CslsResult& csls, Matching matching,
                                   const Dropout& dropout) {
  const auto forward = best_partners(
      csls.rows, [&](Index source, Index target) { return dropout.keeps(source, target); });
  const auto backward = best_partners(
      csls.columns, [&](Index target, Index source) { return dropout.keeps(source, target); });
  const auto is_mutual = [&](Index source, Index target) {
    return backward[static_cast<std::size_t>(target)] == source;
  };
  std::vector<WordPair> pairs;
  for (Index i = 0; i < static_cast<Index>(forward.size()); ++i) {
    const Index j = forward[static_cast<std::size_t>(i)];
    if (j < 0) continue;
    const bool mutual = is_mutual(i, j);
    if (matching == Matching::concatenated || mutual)
      pairs.push_back({i, j, mutual && matching == Matching::concatenated ? 2.F : 1.F});
  }
  if (matching == Matching::mutual) return pairs;
  for (Index j = 0; j < static_cast<Index>(backward.size()); ++j) {
    const Index i = backward[static_cast<std::size_t>(j)];
    if (i >= 0 && forward[static_cast<std::size_t>(i)] != j) pairs.push_back({i, j, 1});
  }
  std::sort(pairs.begin(), pairs.end(), [](const WordPair& a, const WordPair& b) {
    return std::pair(a.source, a.target) < std::pair(b.source, b.target);
  });
  return pairs;
}

}  // namespace xalign
