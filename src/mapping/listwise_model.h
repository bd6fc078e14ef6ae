#pragma once

#include "linalg/decompositions.h"

#include <xalign/matrix.h>

#include <cstddef>
#include <vector>

namespace xalign {

/// Lists of candidates with their features, list after list.
struct CandidateFeatures {
  Matrix values;                          // candidates x features
  std::vector<std::size_t> begins = {0};  // list i is rows begins[i] to begins[i + 1]

  std::size_t lists() const { return begins.size() - 1; }
};

/// Mean spread of each feature inside the lists: sqrt of the mean squared deviation from the mean
/// of the list; 1 where a feature never differs.
/// @param lists  the lists that count; empty = all
VectorD feature_spread(const CandidateFeatures& features,
                       const std::vector<std::size_t>& lists = {});

struct ListwiseOptions {
  double l2 = 3e-3;  // of the coefficients of features of spread 1, times the square / 2
  int iterations = 200;
  std::vector<std::size_t> lists = {};     // to learn from; empty = all
  std::vector<std::size_t> features = {};  // to use; empty = all
  VectorD start = {};                      // coefficients to begin with; empty = zeros
};

/// Coefficients w of p(candidate) = softmax over its list of w . f that minimise the mean of
/// -log sum_gold p over the lists with a gold candidate, plus l2 / 2 |w spread|^2. What is the same
/// for all candidates of a list has no influence.
/// @param gold   1 for right candidates
/// @return one per feature, 0 for those not used; all 0 when no list has a gold and a wrong
/// candidate
VectorD fit_listwise(const CandidateFeatures& features, const std::vector<std::uint8_t>& gold,
                     const ListwiseOptions& options = {});

/// The softmax probabilities of all candidates.
std::vector<float> listwise_probabilities(const CandidateFeatures& features,
                                          const VectorD& coefficients);
/// Those of the candidates of one list.
VectorD list_probabilities(const CandidateFeatures& features, std::size_t list,
                           const VectorD& coefficients);

}  // namespace xalign
