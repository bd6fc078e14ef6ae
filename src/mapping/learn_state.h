#pragma once

#include "mapping/cursor.h"
#include "mapping/learn_monitor.h"

#include <xalign/held_out.h>
#include <xalign/lexicon.h>
#include <xalign/linear_maps.h>
#include <xalign/normalize.h>
#include <xalign/spelling.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace xalign {

/// What the steps of a method share. A step reads what it needs and leaves its outcome here.
struct LearnState {
  const Vocabulary& source_words;
  const Vocabulary& target_words;
  Matrix& source;  // rows; only normalisations, which come first, change them
  Matrix& target;
  std::span<const WordPair> seeds;     // trusted pairs, possibly none
  std::span<const WordPair> held_out;  // pairs to score with, never trained on; possibly none
  std::uint64_t seed;                  // of random choices
  LearnMonitor& monitor;               // log, progress, time

  Cursor cursor = {};  // where the run is

  Normalizer source_normalizer = {};
  Normalizer target_normalizer = {};
  std::vector<WordPair> pairs = {};  // current pairs with weights; the seeds at first
  MapPair maps = {};                 // of the normalised rows; empty before the first map

  std::function<void()> checkpoint = [] {};  // called between iterations, position set
  std::vector<double> memory = {};           // of the step at work, saved in checkpoints
  std::optional<StartOutcome> best_start = {};
  std::vector<MethodTrial> method_trials = {};  // of the last choice
  std::optional<double> first_null = {};  // of the verdict with spelling, where a step needed it

  bool has_map() const { return maps.source.size() > 0; }

  /// Spelling keys of the vocabularies, made when they are first asked for.
  const SpellingTable& source_keys();
  const SpellingTable& target_keys();

  std::optional<SpellingTable> source_keys_made = {};
  std::optional<SpellingTable> target_keys_made = {};
};

/// Current pairs: `found`, and behind them the seeds with their weights times `seed_weight` (0
/// leaves them out).
std::vector<WordPair> with_seeds(std::vector<WordPair> found, const LearnState& state,
                                 double seed_weight);

}  // namespace xalign
