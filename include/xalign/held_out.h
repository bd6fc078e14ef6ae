#pragma once

#include <xalign/linear_maps.h>

#include <span>
#include <string>
#include <vector>

namespace xalign {

struct HoldOutOptions {
  double share = 0.2;    ///< of the different source words, above 0 and below 1
  Index at_least = 100;  ///< words, where there are as many

  void validate() const;
};

/// Pairs to learn from, and pairs set apart to judge what was learned.
struct SeedSplit {
  std::vector<WordPair> train;     ///< in the order given
  std::vector<WordPair> held_out;  ///< in the order given
};

/// Sets the pairs of the rarest source words apart: the last ones in vocabulary order, at most half
/// of all. Words to translate later are rarer than the seeds, so these foretell better than a
/// random part what a map is worth. No source word stands on both sides.
SeedSplit hold_out_rarest(std::span<const WordPair> pairs, const HoldOutOptions& options = {});

/// How well maps translate pairs they were not learned on.
struct HeldOutScore {
  /// Per different source word, in vocabulary order: 1 / rank of the best of its targets by CSLS; 0
  /// beyond rank 10.
  std::vector<double> reciprocal_ranks;

  double precision() const;             ///< share of words with rank 1
  double mean_reciprocal_rank() const;  ///< 0 to 1; less coarse than `precision`
};

/// Ranks the first `words` targets (and the targets of the pairs) for each source word; CSLS
/// neighbourhoods are over the same targets and the first `words` sources.
/// @param source, target  normalised rows, not mapped
/// @throws Error(config) without pairs, Error(data) for pairs outside the vocabularies
HeldOutScore score_held_out(ConstRows source, ConstRows target, const MapPair& maps,
                            std::span<const WordPair> pairs, Index words = 20000);

/// A mean difference of reciprocal ranks, word by word.
struct PairedGain {
  double mean = 0;
  double standard_error = 0;  ///< 0 for fewer than two words
};

/// @throws Error(config) for scores of different words
PairedGain paired_gain(const HeldOutScore& challenger, const HeldOutScore& standard);

/// Whether translations are clearly better: the gain is above one standard error.
/// @throws Error(config) for scores of different words
bool clearly_better(const HeldOutScore& challenger, const HeldOutScore& standard);

/// Which score to take: the one with the best mean reciprocal rank if it is clearly better than the
/// first, else the first.
/// @throws Error(config) without scores, or for scores of different words
std::size_t choose_score(std::span<const HeldOutScore> scores);

/// How a list of steps did on the seeds that were held out to choose one.
struct MethodTrial {
  std::string name;
  Index words = 0;                  ///< held-out source words
  double precision = 0;             ///< share with rank 1
  double mean_reciprocal_rank = 0;  ///< 0 to 1
  PairedGain gain = {};             ///< over the first list
  bool chosen = false;
};

/// With fewer seed words a fifth of them says nothing, and nothing is chosen by it.
constexpr std::size_t kFewestWordsToChoose = 300;

struct RidgeChoice {
  double ridge = 0;
  std::vector<HeldOutScore> scores;  ///< of each ridge; empty when there were too few words
};

/// Chooses the ridge of the multi-step map: maps of the more frequent seed words translate the
/// rarest fifth of them. The best ridge is taken if it is clearly better than the first, else the
/// first.
/// @param ridges  at least one
/// @param words   as in score_held_out
RidgeChoice choose_ridge(ConstRows source, ConstRows target, std::span<const WordPair> pairs,
                         std::span<const double> ridges, Index words = 10000);

}  // namespace xalign
