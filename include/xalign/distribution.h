#pragma once

#include <xalign/lexicon.h>
#include <xalign/matrix.h>
#include <xalign/progress.h>

#include <span>
#include <string>
#include <vector>

namespace xalign {

/// How words are matched across languages by nothing but their places among the other words.
enum class DistributionMatch {
  transport,  ///< entropic Gromov-Wasserstein: a plan that matches words of similar frequency and
              ///< keeps the similarities between words (Alvarez-Melis 2018)
  signature,  ///< words with the same sorted list of similarities (Artetxe 2018, ACL)
};

/// One way to match. X and Z are the first rows of both sides. Both compare the similarities
/// (X X')^1/2 and (Z Z')^1/2, which even out how much the vectors make of their main directions.
struct DistributionStart {
  DistributionMatch match = DistributionMatch::transport;
  Index words = 2000;  ///< of each side that take part, fewer where there are fewer
  // Of transport alone:
  double rank_spread = 1;  ///< words whose log ranks differ by more are unlikely pairs at first
  double first_temperature = 1;  ///< of the plan, falling geometrically; 1 = the spread of scores
  double last_temperature = 0.1;
  int iterations = 60;

  /// @throws Error(config) naming the field
  void validate() const;
};
std::string to_string(const DistributionStart& start);

/// Pairs of words that are each other's best match, weight 1, in source order.
/// @param source, target  normalised rows; dimensions may differ
std::vector<WordPair> match_distributions(ConstRows source, ConstRows target,
                                          const DistributionStart& start);

/// Several ways, as they suit unlike vectors.
std::vector<DistributionStart> recommended_distribution_starts();

struct DistributionOutcome {
  std::vector<WordPair> pairs;      ///< of the best start after some self-learning
  std::size_t best = 0;             ///< which start
  std::vector<double> consistency;  ///< H of each (consistency.h); the largest is the best
};

/// Tries each start: its pairs, then a few rounds of self-learning on the first words, then H.
/// @param words  take part in self-learning and H
DistributionOutcome find_distribution_pairs(ConstRows source, ConstRows target,
                                            std::span<const DistributionStart> starts,
                                            Index words = 4000, const Progress& progress = {});

}  // namespace xalign
