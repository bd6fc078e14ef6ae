#pragma once

#include <xalign/matrix.h>

#include <span>
#include <vector>

namespace xalign {

/// The persistence diagram in dimension 0 of the Vietoris-Rips filtration of rows as points with
/// Euclidean distances. All components are born at 0; these are the distances at which they merge,
/// largest first: the n - 1 edges of a minimum spanning tree. Takes n^2 d operations and no more
/// memory than the rows.
std::vector<double> merge_distances(ConstRows rows);

/// Bottleneck distance of two such diagrams: the least e such that all points but those of
/// persistence at most 2 e can be matched at distances of at most e.
/// @param a, b  merge distances, largest first
double bottleneck_distance(std::span<const double> a, std::span<const double> b);

/// Half of the bottleneck distance: a lower bound of the Gromov-Hausdorff distance of the two sets
/// of points (Chazal 2009), used by Patra 2019 to tell how far two languages are from isometry.
/// With unit rows it lies between 0 and 1/2.
double gromov_hausdorff_bound(std::span<const double> a, std::span<const double> b);

}  // namespace xalign
