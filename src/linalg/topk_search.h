#pragma once

#include "linalg/topk_lists.h"
#include "linalg/topk_pack.h"

#include <span>
#include <utility>
#include <vector>

namespace xalign {

/// One side of a search.
struct SearchSide {
  Eigen::Ref<const Matrix> rows;
  std::span<const float> terms;
  std::vector<double> norms;
  double factor = 1;  ///< power of two that screens multiply its rows by

  const float* row(Eigen::Index i) const { return rows.data() + i * rows.outerStride(); }
  double term(Eigen::Index i) const {
    return terms.empty() ? 0.0 : static_cast<double>(terms[static_cast<std::size_t>(i)]);
  }
};

/// Pairs that are left out.
struct Exclusions {
  bool same_index = false;
  std::vector<std::pair<Index, Index>> pairs;  // sorted

  bool has(Eigen::Index row, Eigen::Index column) const;
};

/// All that the tiles of one search have in common.
struct SearchTask {
  const TopkKernels& kernels;
  TopkScreen screen;
  SearchSide source;
  SearchSide target;
  double per_unit = 1;  ///< screens multiply scores by this power of two: none exceeds 4
  Exclusions exclusions = {};

  double score(Eigen::Index row, Eigen::Index column) const {
    return kernels.dot(source.row(row), target.row(column), source.rows.cols()) +
           (source.term(row) + target.term(column));
  }
};

/// Columns that are searched, and locked, together: their rows stay in the second-level cache.
constexpr Eigen::Index kColumnBlock = 512;

/// Searches a block of rows against one block of columns at a time. One thread owns it; the lists
/// of its rows and, during `search`, of the columns must be touched by nobody else.
class BlockSearch {
 public:
  BlockSearch(const SearchTask& task, PackedSide rows, CandidateLists& row_lists,
              CandidateLists& column_lists);

  /// @param begin  of the block within the packed columns, a multiple of kColumnBlock
  void search(const PackedSide& columns, Eigen::Index begin);

 private:
  void prepare(const PackedSide& columns, Eigen::Index begin);
  void screen_strip(const PackedSide& columns, Eigen::Index strip, Eigen::Index length);
  void search_row(const PackedSide& columns, Eigen::Index i, Eigen::Index line);
  double upper_bound(const PackedSide& columns, const ScanRow& row, Eigen::Index i,
                     Eigen::Index line, Eigen::Index j) const;

  const SearchTask& task_;
  PackedSide rows_;
  CandidateLists& row_lists_;
  CandidateLists& column_lists_;
  double longest_row_ = 0;     // of the block, with its error
  double longest_column_ = 0;  // of the block of columns
  Eigen::Index begin_ = 0;     // of the block within the packed columns
  Eigen::Index width_ = 0;
  AlignedArray<float> offset_;  // of the columns
  AlignedArray<float> floor_;
  AlignedArray<std::int32_t> int_scores_;  // of a strip
  Matrix float_scores_;
};

}  // namespace xalign
