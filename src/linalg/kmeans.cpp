#include "linalg/kmeans.h"

#include "core/parallel_for.h"

#include <xalign/error.h>
#include <xalign/random.h>
#include <xalign/topk.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace xalign {
namespace {

constexpr std::size_t kBlockRows = 4096;
// Start centres are drawn from this many evenly spaced rows: more would not make them better.
constexpr Eigen::Index kSeedRows = 20000;

double squared_distance(const auto& a, const auto& b) {
  return (a.template cast<double>() - b.template cast<double>()).squaredNorm();
}

/// Squared distance of every row to one point.
std::vector<double> distances_to(ConstRows rows, const RowVector& point) {
  std::vector<double> distances(static_cast<std::size_t>(rows.rows()));
  const Blocks blocks{distances.size(), kBlockRows};
  parallel_for(blocks.count(), [&](std::size_t b) {
    for (std::size_t i = blocks.begin(b); i < blocks.begin(b) + blocks.length(b); ++i)
      distances[i] = squared_distance(rows.row(static_cast<Eigen::Index>(i)), point);
  });
  return distances;
}

/// A position drawn with probability proportional to its weight; any of them when all are zero.
std::size_t draw(const std::vector<double>& weights, double total, Random& random) {
  if (!(total > 0)) return static_cast<std::size_t>(random.below(weights.size()));
  double left = random.uniform() * total;
  std::size_t last = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    last = i;
    left -= weights[i];
    if (left < 0) break;
  }
  return last;
}

double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

/// Greedy k-means++: each next centre is the best of a few rows drawn with probability proportional
/// to their squared distance from the centres so far.
Matrix draw_centers(ConstRows rows, int clusters, Random& random) {
  const Eigen::Index stride = std::max<Eigen::Index>(
      1, std::min(rows.rows() / kSeedRows, rows.rows() / std::max(1, clusters)));
  const Matrix sample = rows(Eigen::seq(0, rows.rows() - 1, stride), Eigen::all);
  const int trials = 2 + static_cast<int>(std::log(clusters));
  Matrix centers(clusters, rows.cols());
  centers.row(0) = sample.row(
      static_cast<Eigen::Index>(random.below(static_cast<std::uint64_t>(sample.rows()))));
  std::vector<double> nearest = distances_to(sample, centers.row(0));
  for (int c = 1; c < clusters; ++c) {
    const double total = sum_of(nearest);
    std::vector<double> best;
    double best_total = std::numeric_limits<double>::infinity();
    for (int trial = 0; trial < trials; ++trial) {
      const auto candidate = static_cast<Eigen::Index>(draw(nearest, total, random));
      std::vector<double> distances = distances_to(sample, sample.row(candidate));
      for (std::size_t i = 0; i < distances.size(); ++i)
        distances[i] = std::min(distances[i], nearest[i]);
      const double candidate_total = sum_of(distances);
      if (candidate_total >= best_total) continue;
      best_total = candidate_total;
      best = std::move(distances);
      centers.row(c) = sample.row(candidate);
    }
    nearest = std::move(best);
  }
  return centers;
}

/// The rows of each cluster, in order.
std::vector<std::vector<Index>> members_of(const std::vector<Index>& assignment, int clusters) {
  std::vector<std::vector<Index>> members(static_cast<std::size_t>(clusters));
  for (std::size_t i = 0; i < assignment.size(); ++i)
    members[static_cast<std::size_t>(assignment[i])].push_back(static_cast<Index>(i));
  return members;
}

/// Gives each empty cluster the row that is farthest from its centre and not alone in its cluster.
void fill_empty(ConstRows rows, const Matrix& centers, std::vector<Index>& assignment,
                std::vector<std::vector<Index>>& members) {
  const auto is_empty = [](const std::vector<Index>& rows_of) { return rows_of.empty(); };
  if (std::ranges::none_of(members, is_empty)) return;
  std::vector<std::pair<double, Index>> farthest;
  for (Index i = 0; i < static_cast<Index>(rows.rows()); ++i)
    farthest.emplace_back(
        -squared_distance(rows.row(i), centers.row(assignment[static_cast<std::size_t>(i)])), i);
  std::ranges::sort(farthest);
  auto next = farthest.begin();
  for (std::size_t c = 0; c < members.size(); ++c) {
    if (!members[c].empty()) continue;
    const auto home = [&](Index row) -> std::vector<Index>& {
      return members[static_cast<std::size_t>(assignment[static_cast<std::size_t>(row)])];
    };
    while (home(next->second).size() == 1) ++next;
    const Index row = next++->second;
    std::erase(home(row), row);
    members[c].push_back(row);
    assignment[static_cast<std::size_t>(row)] = static_cast<Index>(c);
  }
}

void move_to_means(ConstRows rows, const std::vector<std::vector<Index>>& members,
                   Matrix& centers) {
  parallel_for(members.size(), [&](std::size_t c) {
    Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(rows.cols());
    for (const Index row : members[c]) sum += rows.row(row).cast<double>();
    centers.row(static_cast<Eigen::Index>(c)) =
        (sum / static_cast<double>(members[c].size())).cast<float>();
  });
}

double inertia_of(ConstRows rows, const KmeansResult& result) {
  const Blocks blocks{result.assignment.size(), kBlockRows};
  std::vector<double> sums(blocks.count(), 0);
  parallel_for(blocks.count(), [&](std::size_t b) {
    for (std::size_t i = blocks.begin(b); i < blocks.begin(b) + blocks.length(b); ++i)
      sums[b] += squared_distance(rows.row(static_cast<Eigen::Index>(i)),
                                  result.centers.row(result.assignment[i]));
  });
  return sum_of(sums);
}

KmeansResult run(ConstRows rows, const KmeansOptions& options, Random& random) {
  KmeansResult result;
  result.centers = draw_centers(rows, options.clusters, random);
  result.assignment = nearest_centers(rows, result.centers);
  while (!result.converged && result.iterations < options.max_iterations) {
    auto members = members_of(result.assignment, options.clusters);
    fill_empty(rows, result.centers, result.assignment, members);
    move_to_means(rows, members, result.centers);
    std::vector<Index> assignment = nearest_centers(rows, result.centers);
    result.converged = assignment == result.assignment;
    result.assignment = std::move(assignment);
    ++result.iterations;
  }
  result.inertia = inertia_of(rows, result);
  return result;
}

}  // namespace

void KmeansOptions::validate() const {
  const auto require = [](bool good, std::string_view field, auto value) {
    if (!good) throw Error(ErrorKind::config, field, fmt::format("{}", value), "a number from 1");
  };
  require(clusters >= 1, "clusters", clusters);
  require(starts >= 1, "starts", starts);
  require(max_iterations >= 1, "max_iterations", max_iterations);
}

KmeansResult find_clusters(ConstRows rows, const KmeansOptions& options) {
  options.validate();
  if (rows.rows() < options.clusters)
    throw Error(ErrorKind::data, "clusters",
                fmt::format("{} clusters of {} rows", options.clusters, rows.rows()),
                "no more clusters than rows", "ask for fewer clusters");
  if (!rows.allFinite())
    throw Error(ErrorKind::data, "clusters", "a vector with values that are not finite",
                "finite numbers", "remove the vector");
  Random random(options.seed);
  KmeansResult best = run(rows, options, random);
  for (int start = 1; start < options.starts; ++start) {
    KmeansResult next = run(rows, options, random);
    if (next.inertia < best.inertia) best = std::move(next);
  }
  return best;
}

std::vector<Index> nearest_centers(ConstRows rows, ConstRows centers) {
  // |x - c|^2 is least where x . c - |c|^2 / 2 is largest.
  std::vector<float> terms;
  for (Eigen::Index c = 0; c < centers.rows(); ++c)
    terms.push_back(static_cast<float>(-centers.row(c).cast<double>().squaredNorm() / 2));
  const TopkResult nearest = find_topk(rows, centers, {.row_k = 1, .column_terms = terms});
  const auto& index = nearest.rows.index;
  return {index.data(), index.data() + index.size()};
}

}  // namespace xalign
