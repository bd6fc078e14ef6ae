#include <xalign/hubness.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace xalign {

std::vector<Index> count_occurrences(const TopkLists& lists, Index candidates, int k) {
  std::vector<Index> occurrences(static_cast<std::size_t>(candidates), 0);
  const Eigen::Index length = k == 0 ? lists.k() : std::min<Eigen::Index>(k, lists.k());
  for (Eigen::Index i = 0; i < lists.rows(); ++i)
    for (Eigen::Index j = 0; j < length && lists.index(i, j) >= 0; ++j)
      ++occurrences[static_cast<std::size_t>(lists.index(i, j))];
  return occurrences;
}

Hubness score_hubness(std::span<const Index> occurrences) {
  Hubness hubness;
  const auto total = std::accumulate(occurrences.begin(), occurrences.end(), 0.0);
  if (total == 0) return hubness;
  const auto count = static_cast<double>(occurrences.size());
  const double mean = total / count;
  double squares = 0, cubes = 0, distances = 0;
  for (const Index n : occurrences) {
    const double distance = n - mean;
    squares += distance * distance;
    cubes += distance * distance * distance;
    distances += std::abs(distance);
  }
  if (squares > 0) hubness.skewness = cubes / count / std::pow(squares / count, 1.5);
  hubness.antihubs = static_cast<double>(std::ranges::count(occurrences, 0)) / count;
  hubness.robin_hood = distances / (2 * total);
  hubness.largest = std::ranges::max(occurrences);
  return hubness;
}

}  // namespace xalign
