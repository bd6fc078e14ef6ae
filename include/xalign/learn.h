#pragma once

#include <xalign/checkpoint.h>
#include <xalign/held_out.h>
#include <xalign/lexicon.h>
#include <xalign/mapping.h>
#include <xalign/method.h>
#include <xalign/progress.h>
#include <xalign/reranker.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace xalign {

struct LearnOptions {
  std::uint64_t seed = 1;   ///< of all random choices
  bool map_vectors = true;  ///< false leaves the vectors normalised, not mapped
  double time_limit = 0;    ///< seconds after which the map so far is the result; 0 = none
  /// Learn rerankers of both directions, too, on lists that the seed words' own pairs have no part
  /// in; kept where they help held-out seeds. Not after a time limit.
  std::optional<RerankerOptions> reranker = {};
  std::span<const WordPair> held_out = {};               ///< pairs to score with, never trained on
  std::function<void(const IterationRecord&)> log = {};  ///< called after every iteration
  bool log_consistency = false;  ///< measure H (consistency.h) of every round, for the log alone
  /// Called after every round and step with all that is needed to go on from there.
  std::function<void(const Checkpoint&)> checkpoint = {};
  const Checkpoint* resume = nullptr;  ///< goes on from there
  /// Judge the outcome (consistency.h), where both vocabularies are large enough for that.
  bool judge = false;
  Progress progress = {};

  void validate() const;
};

struct LearnResult {
  Mapping mapping;
  int rank = 0;  ///< of the training rows; below `min(d)` the pairs do not determine the map
  std::vector<WordPair> pairs;  ///< the last map was made of, with their weights
  std::vector<IterationRecord> iterations;
  /// How the lists of steps did among which one was chosen (ChooseMethod), the default
  /// first; empty without such a step, with too few seeds for it and when the run was resumed
  /// behind it.
  std::vector<MethodTrial> method_trials;
  std::vector<RerankerTrial> reranker_trials;  ///< how the kinds of rerankers did; may be empty
};

/// Learns a mapping by running the method's steps. To save memory the vectors are changed in place:
/// on return they are the mapped ones, as `SideMap::apply` would make them.
/// The `name` and `language` of the input records are the caller's to fill in.
/// @param seeds  covered pairs; may be empty for methods that find pairs by themselves
/// @throws Error(config) without pairs, Error(data) for dimensions the method cannot handle, or a
///         checkpoint of another run
LearnResult learn_mapping(Embeddings& source, Embeddings& target, std::span<const WordPair> seeds,
                          const Method& method, const LearnOptions& options = {});

}  // namespace xalign
