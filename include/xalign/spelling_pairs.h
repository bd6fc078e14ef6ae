#pragma once

#include <xalign/lexicon.h>
#include <xalign/spelling.h>

#include <vector>

namespace xalign {

struct SpellingPairsOptions {
  Index first = 20000;          ///< words of either side
  int min_letters = 5;          ///< of both keys; at least 1
  double min_similarity = 0.7;  ///< edit similarity, above 0 to 1
  int candidates = 5;           ///< looked at for every word, by bigram Dice; 1 to kMaxTopk

  void validate() const;
};

/// Pairs of words spelt alike that are each other's most similar (by edit similarity, then bigram
/// Dice, then frequency), in source order: a dictionary to start from where there is none.
std::vector<WordPair> find_spelling_pairs(const SpellingTable& source, const SpellingTable& target,
                                          const SpellingPairsOptions& options = {});

}  // namespace xalign
