#pragma once

#include <xalign/topk.h>

#include <span>
#include <string_view>

namespace xalign {

/// How scripts mix in a shared space (Wen-Yi 2023): large values say that words of one meaning meet
/// whatever they are written in.
struct ScriptNeighbors {
  double scripts = 0;   ///< mean number of different scripts among the neighbours of a word
  double other = 0;     ///< mean share of neighbours whose script is not the word's own
  double expected = 0;  ///< the same share if neighbours were drawn at random
};

/// Words and neighbours of shared characters alone ("Zyyy") and of no text ("Zzzz") do not count.
/// @param lists    neighbours of each word among all of them
/// @param scripts  script_of each word
ScriptNeighbors measure_script_neighbors(const TopkLists& lists,
                                         std::span<const std::string_view> scripts);

}  // namespace xalign
