#include "core/parallel_for.h"

#include <xalign/persistence.h>
#include <xalign/topk.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace xalign {
namespace {

constexpr std::size_t kBlockPoints = 512;

/// A point outside of the tree and its squared distance to the tree.
struct Nearest {
  double distance = std::numeric_limits<double>::infinity();
  std::size_t place = 0;  // in the list of points outside
};

}  // namespace

std::vector<double> merge_distances(ConstRows rows) {
  const Eigen::Index n = rows.rows(), d = rows.cols();
  std::vector<double> merges;
  if (n < 2) return merges;
  std::vector<double> squares, distances;  // squared lengths of all, distances of those outside
  for (Eigen::Index i = 0; i < n; ++i)
    squares.push_back(exact_dot(rows.row(i).data(), rows.row(i).data(), d));
  std::vector<Index> outside;
  for (Index i = 1; i < static_cast<Index>(n); ++i) outside.push_back(i);
  distances.assign(outside.size(), std::numeric_limits<double>::infinity());
  // Prim's algorithm: each point that joins may be nearer to those still outside.
  for (Index joined = 0; !outside.empty();) {
    const Blocks blocks{outside.size(), kBlockPoints};
    std::vector<Nearest> nearest(blocks.count());
    parallel_for(blocks.count(), [&](std::size_t b) {
      for (std::size_t p = blocks.begin(b); p < blocks.begin(b) + blocks.length(b); ++p) {
        const Index i = outside[p];
        const double dot = exact_dot(rows.row(i).data(), rows.row(joined).data(), d);
        distances[p] =
            std::min(distances[p], squares[static_cast<std::size_t>(i)] +
                                       squares[static_cast<std::size_t>(joined)] - 2 * dot);
        if (distances[p] < nearest[b].distance) nearest[b] = {distances[p], p};
      }
    });
    const Nearest next = *std::ranges::min_element(nearest, {}, &Nearest::distance);
    merges.push_back(std::sqrt(std::max(0.0, next.distance)));
    joined = outside[next.place];
    outside[next.place] = outside.back();
    distances[next.place] = distances.back();
    outside.pop_back();
    distances.pop_back();
  }
  std::ranges::sort(merges, std::greater());
  return merges;
}

double bottleneck_distance(std::span<const double> a, std::span<const double> b) {
  // Matching the k most persistent of both in order is best for some k; the rest go to the
  // diagonal, half of their persistence away.
  const auto left_over = [](std::span<const double> values, std::size_t k) {
    return k < values.size() ? values[k] / 2 : 0;
  };
  double matched = 0;
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0;; ++k) {
    best = std::min(best, std::max({matched, left_over(a, k), left_over(b, k)}));
    if (k == std::min(a.size(), b.size())) return best;
    matched = std::max(matched, std::abs(a[k] - b[k]));
  }
}

double gromov_hausdorff_bound(std::span<const double> a, std::span<const double> b) {
  return bottleneck_distance(a, b) / 2;
}

}  // namespace xalign
