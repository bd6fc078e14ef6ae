#pragma once

#include <xalign/row_blocks.h>

#include <span>
#include <vector>

namespace xalign {

/// For each query the rank, from 1, of the best of its gold targets among all targets.
/// @param terms  added to the scores of each target; empty for none
/// @param lists  the best targets of the same queries, with these terms
std::vector<Index> find_gold_ranks(ConstRows queries, const RowBlocks& target,
                                   std::span<const float> terms,
                                   std::span<const std::vector<Index>> gold,
                                   const TopkLists& lists);

}  // namespace xalign
