#include "mapping/near_lists.h"

#include <algorithm>

namespace xalign {
namespace {

constexpr std::size_t kBatch = 8192;  // rows that are copied together

}  // namespace

NearLists::NearLists(ConstRows matrix, std::vector<Index> rows, ConstRows others, int k, bool same)
    : rows_(std::move(rows)) {
  std::sort(rows_.begin(), rows_.end());
  rows_.erase(std::unique(rows_.begin(), rows_.end()), rows_.end());
  neighbors_.reserve(rows_.size() * static_cast<std::size_t>(k));
  for (std::size_t begin = 0; begin < rows_.size(); begin += kBatch)
    add(matrix, std::span(rows_).subspan(begin, std::min(kBatch, rows_.size() - begin)), others, k,
        same);
}

void NearLists::add(ConstRows matrix, std::span<const Index> rows, ConstRows others, int k,
                    bool same) {
  const TopkLists lists =
      find_topk(gather_rows(matrix, rows), others, {.row_k = k + (same ? 1 : 0)}).rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    for (Eigen::Index j = 0; j < lists.k() && lists.index(row, j) >= 0; ++j) {
      if (same && lists.index(row, j) == rows[i]) continue;
      if (neighbors_.size() - begins_.back() == static_cast<std::size_t>(k)) break;
      neighbors_.push_back({lists.index(row, j), lists.score(row, j)});
    }
    begins_.push_back(neighbors_.size());
  }
}

std::span<const NearLists::Neighbor> NearLists::of(Index row) const {
  const auto i =
      static_cast<std::size_t>(std::lower_bound(rows_.begin(), rows_.end(), row) - rows_.begin());
  return std::span(neighbors_).subspan(begins_[i], begins_[i + 1] - begins_[i]);
}

float NearLists::mean(Index row) const {
  const auto neighbors = of(row);
  if (neighbors.empty()) return 0;
  double sum = 0;
  for (const Neighbor& neighbor : neighbors) sum += static_cast<double>(neighbor.cosine);
  return static_cast<float>(sum / static_cast<double>(neighbors.size()));
}

Matrix gather_rows(ConstRows matrix, std::span<const Index> rows) {
  Matrix gathered(static_cast<Eigen::Index>(rows.size()), matrix.cols());
  for (std::size_t i = 0; i < rows.size(); ++i)
    gathered.row(static_cast<Eigen::Index>(i)) = matrix.row(rows[i]);
  return gathered;
}

}  // namespace xalign
