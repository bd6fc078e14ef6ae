#pragma once

#include <xalign/lexicon.h>
#include <xalign/mapping.h>
#include <xalign/method.h>
#include <xalign/progress.h>

#include <span>

namespace xalign {

struct LearnOptions {
  std::uint64_t seed = 1;   ///< of all random choices
  bool map_vectors = true;  ///< false leaves the vectors normalised, not mapped
  Progress progress = {};
};

struct LearnResult {
  Mapping mapping;
  int rank = 0;  ///< of the training rows; below `min(d)` the pairs do not determine the map
};

/// Learns a mapping from covered pairs by running the method's steps. To save memory the vectors
/// are changed in place: on return they are the mapped ones, as `SideMap::apply` would make them.
/// The `name` and `language` of the input records are the caller's to fill in.
/// @throws Error(config) without pairs, Error(data) for dimensions the method cannot handle
LearnResult learn_mapping(Embeddings& source, Embeddings& target, std::span<const WordPair> pairs,
                          const Method& method, const LearnOptions& options = {});

}  // namespace xalign
