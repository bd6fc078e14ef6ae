#pragma once

#include <xalign/topk.h>

#include <functional>

namespace xalign {

/// Rows that are made when they are asked for: read from a store, mapped, normalised. What is
/// searched in them is never held in memory as a whole.
struct RowBlocks {
  Eigen::Index rows = 0;
  Eigen::Index dimension = 0;
  /// Fills `out` with the rows from `first` on; called from one thread at a time.
  std::function<void(Eigen::Index first, Rows out)> read = {};
  /// A faster way to find_topk where there is one. False: not for so many queries.
  std::function<bool(ConstRows queries, const TopkOptions& options, TopkLists& lists)> search = {};
};

/// Rows that are in memory; refers to them.
RowBlocks make_row_blocks(ConstRows rows);

/// The first ones.
RowBlocks first_rows(RowBlocks source, Eigen::Index rows);

/// `find_topk(queries, target, options).rows` for rows that are made block by block; the same bits.
/// @param options  `row_k`, `row_terms`, `column_terms`, `skip_pairs`, `isa` and `progress` count
TopkLists find_topk(ConstRows queries, const RowBlocks& target, const TopkOptions& options = {});

}  // namespace xalign
