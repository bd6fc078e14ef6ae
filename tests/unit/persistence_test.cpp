#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/parallel.h>
#include <xalign/persistence.h>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace xalign;

namespace {

/// Kruskal's algorithm over all pairs.
std::vector<double> brute_merges(const Matrix& rows) {
  struct Edge {
    double length;
    Eigen::Index a, b;
  };
  std::vector<Edge> edges;
  for (Eigen::Index a = 0; a < rows.rows(); ++a)
    for (Eigen::Index b = 0; b < a; ++b)
      edges.push_back({(rows.row(a) - rows.row(b)).cast<double>().norm(), a, b});
  std::ranges::sort(edges, {}, &Edge::length);
  std::vector<Eigen::Index> part(static_cast<std::size_t>(rows.rows()));
  std::iota(part.begin(), part.end(), 0);
  std::vector<double> merges;
  for (const auto& [length, a, b] : edges) {
    const auto from = part[static_cast<std::size_t>(a)], to = part[static_cast<std::size_t>(b)];
    if (from == to) continue;
    std::ranges::replace(part, from, to);
    merges.push_back(length);
  }
  std::ranges::reverse(merges);
  return merges;
}

}  // namespace

TEST_CASE("points on a line merge at their gaps") {
  Matrix rows(4, 1);
  rows << 0, 7, 1, 3;
  REQUIRE(merge_distances(rows) == std::vector<double>{4, 2, 1});
  REQUIRE(merge_distances(rows.topRows(1)).empty());
}

TEST_CASE("merge distances are those of a brute-force spanning tree, for any number of threads") {
  const Matrix rows = test::random_matrix(700, 5, 1);
  const auto expected = brute_merges(rows);
  std::vector<double> one;
  {
    const ThreadLimit limit(1);
    one = merge_distances(rows);
  }
  REQUIRE(one.size() == expected.size());
  for (std::size_t i = 0; i < one.size(); ++i) REQUIRE(std::abs(one[i] - expected[i]) < 1e-5);
  const ThreadLimit limit(3);
  REQUIRE(merge_distances(rows) == one);
}

TEST_CASE("the bottleneck distance takes the cheaper of matching and giving up") {
  const std::vector<double> a{10, 1};
  REQUIRE(bottleneck_distance(a, std::vector<double>{9, 3}) == 1.5);  // 3 goes to the diagonal
  REQUIRE(bottleneck_distance(a, std::vector<double>{9, 1}) == 1);
  REQUIRE(bottleneck_distance(a, std::vector<double>{2}) == 5);  // matching 10 with 2 costs 8
  REQUIRE(bottleneck_distance(a, a) == 0);
  REQUIRE(bottleneck_distance(a, {}) == 5);
  REQUIRE(bottleneck_distance({}, {}) == 0);
  REQUIRE(gromov_hausdorff_bound(a, std::vector<double>{9, 3}) == 0.75);
}
