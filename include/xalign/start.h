#pragma once

#include <xalign/matrix.h>

#include <string_view>

namespace xalign {

/// Where pairs can be had from without a dictionary.
enum class PairSource {
  identical,  ///< words that are written alike
  numerals,   ///< words of digits that are written alike
  spelling,   ///< words spelt alike in Latin letters, each other's most similar
};

std::string_view to_string(PairSource source);

/// Replaces the current pairs by pairs found without a dictionary, plus the seeds, if there are
/// any.
struct FindPairs {
  PairSource source = PairSource::identical;
  Index cutoff = 20'000;         ///< words of each side that take part; 0 = all
  int min_letters = 1;           ///< of both words, in Unicode code points; spelling: of their keys
  double min_similarity = 0.75;  ///< spelling: smallest edit similarity, above 0 to 1
  double seed_weight = 4;  ///< weight of each seed pair, times its own; 0 = seeds are left out

  /// @throws Error(config) naming the field
  void validate() const;
};

}  // namespace xalign
