#pragma once

#include <xalign/linear_maps.h>
#include <xalign/progress.h>
#include <xalign/vocabulary.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace xalign {

/// How well a shared space agrees with itself, without a dictionary. Of the first words of both
/// sides those pairs are taken that are each other's best by CSLS, and split at random into halves.
/// Each half makes a map of its own (multi-step, ridge 0.1). All figures are from 0 to 1.
struct Consistency {
  double held_out = 0;   ///< H: share of a half's pairs that the map of the other half finds again,
                         ///< as nearest neighbours by cosine; the mean of both halves
  double agreement = 0;  ///< share of source words with the same nearest neighbour under both maps
  Index pairs = 0;       ///< mutual pairs
  Index words = 0;       ///< words of each side that took part, at most
};

/// @param source, target  normalised rows, not mapped
/// @param words  the first ones of each side take part
/// @param seed   of the split
/// @throws Error(data) for maps whose shapes do not fit
Consistency measure_consistency(ConstRows source, ConstRows target, const MapPair& maps,
                                Index words = 8000, std::uint64_t seed = 1);

enum class Outcome {
  aligned,   ///< the maps translate
  doubtful,  ///< better than chance, but most translations are wrong
  failed,    ///< what a random start gives: no alignment found
};
std::string_view to_string(Outcome outcome);

struct JudgeOptions {
  Index words = 8000;   ///< as in measure_consistency
  int null_runs = 2;    ///< random starts to compare with; the first is enough when all is clear
  int null_rounds = 3;  ///< rounds of self-learning on geometry that each of them gets
  std::uint64_t seed = 1;
  /// The words, where the maps were learned with the spelling of words in view. It ties rounds to
  /// the same pairs again and again, right or wrong, and a wrong map agrees with itself the more;
  /// so null runs take spelling in, too, with the target words in random order. nullptr = without.
  const Vocabulary* source_words = nullptr;
  const Vocabulary* target_words = nullptr;
  std::span<const WordPair> seeds = {};   ///< the maps were learned from; scored by halves
  std::optional<double> first_null = {};  ///< H of the first null run, if an earlier call made it
  Progress progress = {};

  void validate() const;
};

/// What speaks for maps and against them.
struct Verdict {
  Outcome outcome = Outcome::failed;
  Consistency found;
  double null = 0;  ///< largest H of the null runs: self-learning from random pairs
  /// Share of held-out words translated rightly, by CSLS; absent without held-out pairs.
  std::optional<double> held_out_precision = {};
  /// Share of seed words that a plain map of the other half of the seeds translates rightly among
  /// the first 5,000 words: whether the seeds hold anything. Absent below 100 seed words.
  std::optional<double> seed_precision = {};

  /// (H - null) / (1 - null): 0 at chance level, 1 at most.
  double strength() const;
};

/// Tells success from failure: H against that of null runs on the same vocabularies, which takes
/// their size, their dimension and whatever else random maps profit from into account. Aligned from
/// a strength of 0.25 on; failed below 0.15, unless seeds foretell one in twenty of each other;
/// doubtful between. docs/methods.md has the figures.
/// @param held_out  pairs that the maps were not learned on; may be empty
/// @throws Error as measure_consistency, Error(config) for options out of range
Verdict judge_alignment(ConstRows source, ConstRows target, const MapPair& maps,
                        std::span<const WordPair> held_out = {}, const JudgeOptions& options = {});

}  // namespace xalign
