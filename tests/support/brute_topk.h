#pragma once

#include <xalign/topk.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace xalign::test {

/// The brute-force twin of one side of find_topk: a full sort of every row of the product.
inline TopkLists brute_topk(const Matrix& source, const Matrix& target, int k) {
  TopkLists lists;
  lists.index.setConstant(source.rows(), k, -1);
  lists.score.setConstant(source.rows(), k, -std::numeric_limits<float>::infinity());
  for (Eigen::Index i = 0; i < source.rows(); ++i) {
    std::vector<std::pair<double, Index>> all;
    for (Eigen::Index j = 0; j < target.rows(); ++j)
      all.emplace_back(-exact_dot(source.row(i).data(), target.row(j).data(), source.cols()),
                       static_cast<Index>(j));
    std::sort(all.begin(), all.end());
    for (int rank = 0; rank < k && rank < static_cast<int>(all.size()); ++rank) {
      lists.index(i, rank) = all[static_cast<std::size_t>(rank)].second;
      lists.score(i, rank) = static_cast<float>(-all[static_cast<std::size_t>(rank)].first);
    }
  }
  return lists;
}

}  // namespace xalign::test
