#pragma once

#include <xalign/lexicon.h>

#include <vector>

namespace xalign::test {

/// (0, 0), (1, 1) ... (count - 1, count - 1).
inline std::vector<WordPair> diagonal_pairs(Index count) {
  std::vector<WordPair> pairs;
  for (Index i = 0; i < count; ++i) pairs.push_back({i, i, 1});
  return pairs;
}

}  // namespace xalign::test
