#pragma once

#include "mapping/learn_state.h"

#include <xalign/mapping.h>
#include <xalign/method.h>
#include <xalign/reranker.h>

#include <vector>

namespace xalign {

/// Learns rerankers for the map that `method` has made, and puts them into the mapping. The seed
/// words are halved; for each half the map is made again of the current pairs without those that
/// hold one of its words, and lists are made of the half in the space of that map.
/// @return how the kinds did that were tried; empty with too few seeds
std::vector<RerankerTrial> learn_rerankers(LearnState& state, const Method& method,
                                           const RerankerOptions& options, Mapping& mapping);

}  // namespace xalign
