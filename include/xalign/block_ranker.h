#pragma once

#include <xalign/retrieval.h>
#include <xalign/row_blocks.h>

#include <span>
#include <vector>

namespace xalign {

/// The mean cosine of each row with its `options.csls_k` nearest of `others`: r of CSLS. The same
/// bits for any split of the rows.
std::vector<float> find_neighborhood_means(ConstRows rows, const RowBlocks& others,
                                           const RetrievalOptions& options = {});

/// The `Ranker` (retrieval.h) for rows that are not in memory: the same lists, by nn or csls.
/// What has to be searched is read block by block, more than once where all pairs count.
class BlockRanker {
 public:
  /// @param source, target  unit rows in the shared space
  /// @throws Error(config) for isf, which needs all rows at once
  BlockRanker(RowBlocks source, RowBlocks target, const RetrievalOptions& options = {});

  /// The k best targets of each query row with their scores. For csls, the first call with more
  /// than a few queries computes the terms of all targets, at the cost of a pass over all pairs;
  /// for few queries those of the targets that can matter suffice.
  TopkLists rank(ConstRows queries, int k);

  /// For each query the rank, from 1, of the best of its gold targets among all targets.
  /// @param lists  what `rank` gave for the same queries
  std::vector<Index> gold_ranks(ConstRows queries, std::span<const std::vector<Index>> gold,
                                const TopkLists& lists);

  /// Spares computing what is known: `find_neighborhood_means` of all targets, over the source.
  void use_target_means(std::span<const float> means);

  /// Whether the next calls will be many: then the terms of all targets pay.
  void expect_many() { many_ = true; }

 private:
  void need_terms();
  TopkLists rank_all(ConstRows queries, int k);
  bool rank_few(ConstRows queries, int k, TopkLists& best) const;
  std::vector<float> terms_of(const RowBlocks& rows, const RowBlocks& others) const;

  RowBlocks source_;
  RowBlocks target_;
  RetrievalOptions options_;
  std::vector<float> terms_;  // of all targets, once they are known
  bool many_ = false;
};

}  // namespace xalign
