#pragma once

#include <xalign/matrix.h>

#include <string>
#include <vector>

namespace xalign {

/// Which of the best partners of two vocabularies become pairs.
enum class Matching {
  mutual,        ///< pairs that are each other's best
  concatenated,  ///< the best target of every source word and the best source word of every target;
                 ///< pairs that are both count twice (VecMap)
};

/// The map that a round makes of its pairs.
enum class RoundMap { multistep, procrustes };

/// What ends the repetitions of a round before their number is reached.
enum class StopRule {
  never,
  objective,    ///< the mean cosine of the best partners has stopped rising
  consistency,  ///< held-out consistency (consistency.h) has stopped rising; seen every `patience`
};

/// One kind of round: with the current map, find the best partners by CSLS among the first words of
/// both vocabularies, in both directions; make pairs of them; add the seeds; make the next map of
/// all.
struct SelfLearningRound {
  int repeat = 1;         ///< times, at most
  Index cutoff = 20'000;  ///< words of each side that take part; 0 = all
  Matching matching = Matching::mutual;
  bool spelling = false;   ///< choose by spelling too and weigh pairs by probability, as
                           ///< choose_pairs (pair_confidence.h); not with dropout
  double seed_weight = 2;  ///< weight of each seed pair, times its own; 0 = seeds are forgotten
  RoundMap map = RoundMap::multistep;
  double ridge = 0;  ///< of the multi-step map
  double keep = 1;   ///< probability that a candidate may be chosen in a round (dropout below 1)
  int csls_k = 10;   ///< neighbours in the CSLS means
  StopRule stop = StopRule::never;
  int patience = 1;        ///< repetitions without a gain after which a rule stops
  double min_gain = 1e-6;  ///< what counts as a gain

  bool operator==(const SelfLearningRound&) const = default;
};

/// Self-learning: rounds in their order (Artetxe 2018, ACL; the refinement of MUSE). Needs a map to
/// begin with.
struct SelfLearning {
  std::vector<SelfLearningRound> rounds;

  /// @throws Error(config) naming the field
  void validate() const;
};

/// Rounds for this many seed pairs: they grow from the 8,000 most frequent words to 20,000 and
/// choose by spelling too. A seed weighs twice as much as a pair that was found, from 2,000 on as
/// much.
SelfLearning recommended_self_learning(Index seeds);

/// The schedule of VecMap: rotations, both directions, seeds forgotten; a tenth of the candidates
/// at first, twice as many whenever 50 rounds have brought no gain.
SelfLearning vecmap_self_learning(Index cutoff = 20'000);

}  // namespace xalign
