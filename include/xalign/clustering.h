#pragma once

#include <xalign/matrix.h>

#include <cstdint>
#include <span>
#include <vector>

namespace xalign {

/// How well clusters agree with classes, from 0 to 1 each.
struct VMeasure {
  double homogeneity = 0;   ///< 1 - H(class | cluster) / H(class): clusters hold one class
  double completeness = 0;  ///< 1 - H(cluster | class) / H(cluster): classes are in one cluster
  double v_measure = 0;     ///< harmonic mean of both (Rosenberg and Hirschberg 2007)
  double purity = 0;        ///< share of items in a cluster whose commonest class is theirs
};

/// @param classes, clusters  numbers from 0, as many of the one as of the other
VMeasure score_clusters(std::span<const Index> classes, std::span<const Index> clusters);

struct ClusteringOptions {
  int clusters = 0;  ///< 0 = as many as there are classes
  int starts = 10;   ///< runs of k-means, of which the one of least inertia counts
  std::uint64_t seed = 1;

  void validate() const;
};

struct ClusteringResult {
  VMeasure score;
  std::vector<Index> assignment;  ///< cluster of every row
  int clusters = 0;
};

/// Clusters unit rows by k-means from k-means++ starts, and holds the clusters against classes, as
/// the clustering tasks of MTEB do (Muennighoff 2023). The same seed gives the same clusters.
/// @throws Error(data) without rows, or for fewer rows than clusters
ClusteringResult evaluate_clustering(ConstRows rows, std::span<const Index> classes,
                                     const ClusteringOptions& options = {});

}  // namespace xalign
