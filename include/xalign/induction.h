#pragma once

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

}  // namespace xalign
