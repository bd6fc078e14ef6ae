#include "linalg/kmeans.h"

#include <xalign/clustering.h>
#include <xalign/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace xalign {
namespace {

using Counts = std::map<Index, double>;

double entropy(const Counts& counts, double total) {
  double sum = 0;
  for (const auto& [key, count] : counts) sum -= count / total * std::log(count / total);
  return sum;
}

}  // namespace

VMeasure score_clusters(std::span<const Index> classes, std::span<const Index> clusters) {
  VMeasure score;
  if (classes.empty()) return score;
  const auto total = static_cast<double>(classes.size());
  Counts of_class, of_cluster;
  std::map<std::pair<Index, Index>, double> both;  // cluster, class
  for (std::size_t i = 0; i < classes.size(); ++i) {
    ++of_class[classes[i]];
    ++of_cluster[clusters[i]];
    ++both[{clusters[i], classes[i]}];
  }
  double joint = 0;
  Counts largest;
  for (const auto& [key, count] : both) {
    joint -= count / total * std::log(count / total);
    largest[key.first] = std::max(largest[key.first], count);
  }
  for (const auto& [cluster, count] : largest) score.purity += count / total;
  // H(a | b) = H(a, b) - H(b). One class alone is always homogeneous.
  const double class_entropy = entropy(of_class, total);
  const double cluster_entropy = entropy(of_cluster, total);
  const auto share = [](double conditional, double whole) {
    return whole > 0 ? std::clamp(1 - conditional / whole, 0.0, 1.0) : 1;
  };
  score.homogeneity = share(joint - cluster_entropy, class_entropy);
  score.completeness = share(joint - class_entropy, cluster_entropy);
  const double sum = score.homogeneity + score.completeness;
  score.v_measure = sum > 0 ? 2 * score.homogeneity * score.completeness / sum : 0;
  return score;
}

void ClusteringOptions::validate() const {
  if (clusters < 0)
    throw Error(ErrorKind::config, "clusters", fmt::format("{}", clusters),
                "0 (as many as classes) or a number");
  if (starts < 1) throw Error(ErrorKind::config, "starts", fmt::format("{}", starts), "1 or more");
}

ClusteringResult evaluate_clustering(ConstRows rows, std::span<const Index> classes,
                                     const ClusteringOptions& options) {
  options.validate();
  if (rows.rows() == 0 || static_cast<std::size_t>(rows.rows()) != classes.size())
    throw Error(ErrorKind::data, "classes", fmt::format("{} classes", classes.size()),
                fmt::format("one for each of {} rows, at least one", rows.rows()));
  std::vector<Index> different(classes.begin(), classes.end());
  std::sort(different.begin(), different.end());
  different.erase(std::unique(different.begin(), different.end()), different.end());
  ClusteringResult result;
  result.clusters = options.clusters > 0 ? options.clusters : static_cast<int>(different.size());
  // Distances do not change, but their rounding gets smaller.
  const RowVector mean = rows.cast<double>().colwise().mean().cast<float>();
  const Matrix centered = rows.rowwise() - mean;
  result.assignment =
      find_clusters(centered,
                    {.clusters = result.clusters, .seed = options.seed, .starts = options.starts})
          .assignment;
  result.score = score_clusters(classes, result.assignment);
  return result;
}

}  // namespace xalign
