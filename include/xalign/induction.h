#pragma once

#include <xalign/reranker.h>
#include <xalign/retrieval.h>

#include <limits>
#include <vector>

namespace xalign {

struct InductionOptions {
  RetrievalOptions retrieval = {};
  bool mutual = true;  ///< only pairs that are each other's best; false: the best of every source
  float min_score = -std::numeric_limits<float>::infinity();

  void validate() const;
};

struct InducedPair {
  Index source = 0;
  Index target = 0;
  float score = 0;
};

/// Induces a lexicon from two sets of unit rows in one space, in source order.
std::vector<InducedPair> induce_lexicon(ConstRows source, ConstRows target,
                                        const InductionOptions& options = {});

/// Induces a lexicon by rerankers, in source order; scores are the probabilities of the forward
/// one.
/// @param sources   words of the source language, of which all are asked
/// @param backward  for mutual pairs, over the same two languages; null: the best of every source
std::vector<InducedPair> induce_lexicon(const Reranker& forward, Index sources,
                                        const Reranker* backward, float min_probability = 0);

}  // namespace xalign
