#pragma once

#include "linalg/product.h"

#include <xalign/refine.h>
#include <xalign/topk.h>

#include <span>
#include <vector>

namespace xalign {

/// The loss of refine_rcsls as a function of W.
class RcslsLoss {
 public:
  RcslsLoss(ConstRows source, ConstRows target, const MapPair& maps,
            std::span<const WordPair> pairs, const RcslsOptions& options);

  struct Value {
    double loss = 0;
    MatrixD gradient;  // by W, the neighbours being what they are
  };
  Value at(const MatrixD& w);

 private:
  Matrix source_, target_;              // unit mapped rows of the first words
  Matrix source_words_, target_words_;  // of the words of the pairs
  struct Pair {
    Eigen::Index source, target;  // rows of them
    double weight;                // sum 1
  };
  std::vector<Pair> pairs_;
  std::vector<float> source_weights_, target_weights_;  // sums over the pairs of a word
  int neighbors_;
  TopkResult near_targets_, near_sources_;  // of the last call, to begin the next search with
};

}  // namespace xalign
