#pragma once

#include "linalg/topk_lists.h"
#include "linalg/topk_pack.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace xalign {

/// Columns that are searched, and locked, together: their panels stay in the second-level cache.
constexpr Eigen::Index kColumnBlock = 512;

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

  bool has(Eigen::Index row, Eigen::Index column) const {
    if (same_index && row == column) return true;
    return !pairs.empty() &&
           std::binary_search(pairs.begin(), pairs.end(),
                              std::pair{static_cast<Index>(row), static_cast<Index>(column)});
  }

  /// How many partners a row, and a column, may lack at most.
  std::pair<int, int> most_left_out() const {
    const int same = same_index ? 1 : 0;
    std::vector<Index> rows, columns;
    for (const auto& [row, column] : pairs) {
      rows.push_back(row);
      columns.push_back(column);
    }
    std::sort(columns.begin(), columns.end());
    return {longest_run(rows) + same, longest_run(columns) + same};
  }

 private:
  static int longest_run(const std::vector<Index>& sorted) {
    int longest = 0, run = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
      longest = std::max(longest, run);
    }
    return longest;
  }
};

/// What all parts of one search have in common.
struct SearchTask {
  const TopkKernels& kernels;
  TopkScreen screen;
  SearchSide source;
  SearchSide target;
  bool float_is_safe = true;  ///< float32 products neither overflow nor underflow
  double per_unit = 1;        ///< screens multiply scores by this power of two: none exceeds 4
  Exclusions exclusions = {};

  double score(Eigen::Index row, Eigen::Index column) const {
    return kernels.dot(source.row(row), target.row(column), source.rows.cols()) +
           (source.term(row) + target.term(column));
  }

  /// Asks for the vector of a partner before its score is needed.
  void prefetch(bool target_row, Eigen::Index partner) const {
    constexpr Eigen::Index kLine = 16;
    const float* row = (target_row ? target : source).row(partner);
    for (Eigen::Index k = 0; k < source.rows.cols(); k += kLine) __builtin_prefetch(row + k);
  }
};

}  // namespace xalign
