#pragma once

#include <xalign/embeddings.h>
#include <xalign/gold_io.h>
#include <xalign/lexicon.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace xalign {

/// What a pair counts for when one of its words has no vector.
enum class OovPolicy {
  skip,  ///< nothing: correlations are over covered pairs
  zero,  ///< as if its cosine were 0
  mean,  ///< as if its cosine were the mean of the covered pairs
};

struct SimilarityOptions {
  CasePolicy case_policy = CasePolicy::exact;
  OovPolicy oov = OovPolicy::skip;
  bool compose = false;  ///< an unknown phrase is the mean of its words, when all are known
  int resamples = 1000;  ///< of the bootstrap over pairs; 0 = no intervals
  std::uint64_t seed = 1;

  void validate() const;
};

/// How well cosines agree with people. Correlations, their mean and intervals are NaN where one is
/// not defined: of fewer than two pairs, and where all judgements or all cosines are equal. Cosines
/// are equal that differ by no more than the rounding of unit rows (1e-6).
struct SimilarityScore {
  std::string name;  ///< of the group
  Index total = 0;   ///< pairs
  Index covered = 0;
  double spearman = 0;
  double pearson = 0;
  /// Of both, as SemEval-2017 ranks systems; 0 where one is not positive.
  double harmonic_mean = 0;
  std::pair<double, double> spearman_ci95 = {0, 0};
  std::pair<double, double> pearson_ci95 = {0, 0};
};

struct SimilarityResult {
  SimilarityScore all;
  std::vector<SimilarityScore> groups;         ///< in order of appearance; none for a single one
  std::vector<std::optional<double>> cosines;  ///< per pair; nothing when not covered
  Index composed = 0;                          ///< phrases made of their words
};

/// Word similarity (Camacho-Collados 2017): correlates the cosines of word pairs with judgements.
/// @param first, second  unit rows for the two columns: the same vectors for one language, the two
///                       sides of a space across languages
/// @throws Error(data) for different dimensions
SimilarityResult evaluate_similarity(const Embeddings& first, const Embeddings& second,
                                     std::span<const SimilarityPair> pairs,
                                     const SimilarityOptions& options = {});

}  // namespace xalign
