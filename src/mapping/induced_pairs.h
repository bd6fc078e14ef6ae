#pragma once

#include <xalign/csls.h>
#include <xalign/lexicon.h>
#include <xalign/self_learning.h>

#include <cstdint>
#include <vector>

namespace xalign {

/// Decides by a hash of the seed, the iteration and the pair, so that it costs no memory and does
/// not depend on the order of questions.
struct Dropout {
  std::uint64_t seed = 0;
  std::uint64_t iteration = 0;
  double keep = 1;  // probability

  bool keeps(Index source, Index target) const;
};

/// Pairs of best partners, weight 1, in the order of the source rows. A row's best partner is the
/// first in its list that dropout keeps; a row that keeps none has no partner. Concatenated: pairs
/// that were found from both sides come once, with weight 2.
std::vector<WordPair> induce_pairs(const CslsResult& csls, Matching matching,
                                   const Dropout& dropout = {});

}  // namespace xalign
