#pragma once

#include <xalign/csls.h>
#include <xalign/lexicon.h>
#include <xalign/spelling.h>

#include <span>
#include <vector>

namespace xalign {

struct PairConfidenceOptions {
  bool mutual = true;     ///< only pairs that are each other's most probable, weight p_forward
                          ///< p_backward; false: the most probable partner of every word of both
                          ///< sides, weight its probability, pairs found from both sides twice
  double l2 = 1e-2;       ///< of the models' coefficients
  Index min_seeds = 100;  ///< seed words with their translation in the lists, per direction; with
                          ///< fewer the shipped coefficients are used

  void validate() const;
};

/// Chooses pairs by geometry and spelling together: for every word a listwise logistic model gives
/// the probability of each candidate from the lists of best partners by CSLS,
///     p(j | i) = exp(w . f_ij) / sum_j' exp(w . f_ij'),
/// f the cosine, r of the candidate, logarithm of the rank, margin to the best other candidate,
/// distance to the candidate's own best, logarithm of the rank from the other side, logarithms of
/// the frequency ranks and how alike the keys are spelt. The models, one per direction, are fitted
/// on the seed words; without (enough) seeds the coefficients are those of other language pairs.
/// @param csls    with row_k and column_k of at least 2; 10 is usual
/// @param source  keys of at least the words searched
/// @param seeds   pairs beyond the words searched have no influence
std::vector<WordPair> choose_pairs(const CslsResult& csls, const SpellingTable& source,
                                   const SpellingTable& target, std::span<const WordPair> seeds,
                                   const PairConfidenceOptions& options = {});

}  // namespace xalign
