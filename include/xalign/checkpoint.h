#pragma once

#include <xalign/lexicon.h>
#include <xalign/linear_maps.h>
#include <xalign/mapping.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace xalign {

/// One iteration of a step that iterates.
struct IterationRecord {
  std::string step;      ///< "self-learning"
  int iteration = 0;     ///< of the whole run, from 1
  Index pairs = 0;       ///< the map was made of
  double objective = 0;  ///< of the step; self-learning: the mean cosine of best partners
  std::optional<double> consistency = {};  ///< held-out consistency H, where it was computed
  std::optional<double> held_out = {};     ///< share of held-out source words translated right
  double seconds = 0;                      ///< since the run began
};

/// The outcome of one of several ways to start.
struct StartOutcome {
  Index number = 0;  ///< of the way, from 0
  double consistency = 0;
  MapPair maps;
  std::vector<WordPair> pairs;
};

/// Where a run of `learn_mapping` stands after an iteration. A run that goes on from here gives the
/// same bytes as one that was never interrupted.
struct Checkpoint {
  Mapping mapping;              ///< with the maps so far, and without an inverse temperature
  std::uint64_t run = 0;        ///< hash of the vectors, the seeds, the method and the random seed
  std::vector<Index> position;  ///< number of the step, and of what is inside of it
  std::vector<double> memory;   ///< what the step at work remembers
  int rank = 0;                 ///< of the maps so far
  std::vector<WordPair> pairs;  ///< current pairs
  std::optional<StartOutcome> best_start;  ///< so far, where a step chooses among several
  std::vector<IterationRecord> iterations;
};

/// Writes a checkpoint as a `.xmap` file with more in it: what reads mappings reads it too. It
/// appears under its name complete or not at all.
void write_checkpoint(const std::string& path, const Checkpoint& checkpoint);

/// @throws Error as read_mapping, and Error(data) for a mapping that is not a checkpoint
Checkpoint read_checkpoint(const std::string& path);

}  // namespace xalign
