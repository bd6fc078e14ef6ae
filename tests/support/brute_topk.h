#pragma once

#include <xalign/topk.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace xalign::test {

/// The dot product as it is defined: 32 sums of every 32nd product, added pairwise from far to
/// near.
inline double plain_dot(const float* a, const float* b, Eigen::Index dimension) {
  double sums[32] = {};
  for (Eigen::Index i = 0; i < dimension; ++i)
    sums[i % 32] += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  for (int half = 16; half > 0; half /= 2)
    for (int lane = 0; lane < half; ++lane) sums[lane] += sums[lane + half];
  return sums[0];
}

/// The brute-force twin of find_topk: a full sort of every row and column of the product.
inline TopkResult brute_topk(const Matrix& source, const Matrix& target,
                             const TopkOptions& options) {
  const auto skipped = [&](Index row, Index column) {
    return (options.skip_same_index && row == column) ||
           std::find(options.skip_pairs.begin(), options.skip_pairs.end(),
                     std::pair{row, column}) != options.skip_pairs.end();
  };
  const auto term = [](std::span<const float> terms, Index i) {
    return terms.empty() ? 0.0 : static_cast<double>(terms[static_cast<std::size_t>(i)]);
  };
  std::vector<std::vector<std::pair<double, Index>>> of_row(
      static_cast<std::size_t>(source.rows()));
  std::vector<std::vector<std::pair<double, Index>>> of_column(
      static_cast<std::size_t>(target.rows()));
  for (Index i = 0; i < source.rows(); ++i)
    for (Index j = 0; j < target.rows(); ++j) {
      if (skipped(i, j)) continue;
      const double score = plain_dot(source.row(i).data(), target.row(j).data(), source.cols()) +
                           (term(options.row_terms, i) + term(options.column_terms, j));
      of_row[static_cast<std::size_t>(i)].emplace_back(-score, j);
      of_column[static_cast<std::size_t>(j)].emplace_back(-score, i);
    }
  const auto best = [](std::vector<std::vector<std::pair<double, Index>>>& all, int k) {
    TopkLists lists;
    lists.index.setConstant(static_cast<Eigen::Index>(all.size()), k, -1);
    lists.score.setConstant(static_cast<Eigen::Index>(all.size()), k,
                            -std::numeric_limits<float>::infinity());
    for (std::size_t i = 0; i < all.size(); ++i) {
      std::sort(all[i].begin(), all[i].end());
      for (std::size_t rank = 0; rank < static_cast<std::size_t>(k) && rank < all[i].size();
           ++rank) {
        const auto row = static_cast<Eigen::Index>(i), column = static_cast<Eigen::Index>(rank);
        lists.index(row, column) = all[i][rank].second;
        lists.score(row, column) = static_cast<float>(-all[i][rank].first);
      }
    }
    return lists;
  };
  return {best(of_row, options.row_k), best(of_column, options.column_k)};
}

/// The rows of it alone.
inline TopkLists brute_topk(const Matrix& source, const Matrix& target, int k) {
  return brute_topk(source, target, TopkOptions{.row_k = k}).rows;
}

}  // namespace xalign::test
