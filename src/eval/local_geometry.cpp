#include <xalign/local_geometry.h>

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

double distance(float cosine) {
  return std::sqrt(std::max(0.0, 2 - 2 * static_cast<double>(cosine)));
}

double local_dimension(const TopkLists& lists, Eigen::Index row, Eigen::Index count) {
  const double farthest = distance(lists.score(row, count - 1));
  // Below this a distance is the rounding of a cosine near 1.
  if (!(distance(lists.score(row, 0)) > 1e-3)) return 0;
  double sum = 0;
  for (Eigen::Index j = 0; j < count - 1; ++j)
    sum += std::log(farthest / distance(lists.score(row, j)));
  return sum > 0 ? static_cast<double>(count - 1) / sum : 0;
}

}  // namespace

LocalGeometry measure_local_geometry(const TopkLists& neighbors) {
  LocalGeometry geometry;
  for (Eigen::Index i = 0; i < neighbors.rows(); ++i) {
    const Eigen::Index count = (neighbors.index.row(i).array() >= 0).count();
    geometry.codensity.push_back(count > 0 ? distance(neighbors.score(i, count - 1)) : 0);
    geometry.dimension.push_back(count > 1 ? local_dimension(neighbors, i, count) : 0);
  }
  return geometry;
}

double intrinsic_dimension(const LocalGeometry& geometry) {
  double inverse = 0, told = 0;
  for (const double dimension : geometry.dimension) {
    if (!(dimension > 0)) continue;
    inverse += 1 / dimension;
    ++told;
  }
  return told > 0 ? told / inverse : 0;
}

}  // namespace xalign
