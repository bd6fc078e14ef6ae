#pragma once

#include <xalign/matrix.h>

namespace xalign {

/// How far apart the directions are in which two sets of rows of a shared space vary.
struct SubspaceDistance {
  /// sqrt(1 - |U' V|_F^2 / p), U and V the p principal directions of each side: the root mean
  /// square sine of the angles between the two subspaces. 0 = the same, 1 = at right angles.
  double chordal = 0;
  Eigen::Index directions = 0;  ///< p
  /// sqrt(sum_i log^2 l_i), l_i the eigenvalues of K_a^-1 K_b, K the covariances (Bonnabel 2009;
  /// Chang 2022): the length of the shortest path from one covariance to the other. 0 = equal.
  /// 1e-6 of the mean variance is added to both sides, so that flat directions count finitely.
  double riemannian = 0;
};

/// @param variance  p is the least number of directions that hold this share of the variance, on
/// the
///                  side that needs more
/// @throws Error(data) for different dimensions, fewer than two rows or values that are not finite
SubspaceDistance measure_subspace_distance(ConstRows source, ConstRows target,
                                           double variance = 0.5);

}  // namespace xalign
