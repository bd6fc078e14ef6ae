#pragma once

#include <xalign/matrix.h>

#include <cstdint>
#include <vector>

namespace xalign {

struct KmeansOptions {
  int clusters = 8;  ///< c, at least 1 and at most as many as there are rows
  std::uint64_t seed = 1;
  int starts = 1;            ///< runs from different seeds, of which the best is kept
  int max_iterations = 100;  ///< of each run

  void validate() const;
};

struct KmeansResult {
  Matrix centers;                 ///< c x d
  std::vector<Index> assignment;  ///< nearest centre of each row
  double inertia = 0;             ///< sum of squared distances to the nearest centres
  int iterations = 0;
  bool converged = false;  ///< the assignment did not change in the last iteration
};

/// Lloyd's algorithm from a greedy k-means++ start (Arthur 2007): minimises the sum of squared
/// distances of rows to the mean of their cluster, as far as local steps go. A cluster that loses
/// all rows takes the row that is farthest from its centre. For cosine clusters give unit rows. The
/// same bytes for any number of threads.
/// @param rows  n x d, of about mean zero where the spread is small beside the mean
/// @throws Error(config) for options out of range, Error(data) for fewer rows than clusters or
///         values that are not finite
KmeansResult find_clusters(ConstRows rows, const KmeansOptions& options = {});

/// The nearest centre of each row; ties go to the smaller number.
std::vector<Index> nearest_centers(ConstRows rows, ConstRows centers);

}  // namespace xalign
