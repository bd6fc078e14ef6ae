#pragma once

#include <xalign/topk.h>

#include <vector>

namespace xalign {

/// What the neighbourhood of each row looks like, T_1 <= ... <= T_k its distances to its k nearest.
struct LocalGeometry {
  /// T_k: large = lonely (the codensity of Ruppik 2024).
  std::vector<double> codensity;
  /// Local intrinsic dimension by maximum likelihood (Levina 2004):
  ///     [ 1 / (k - 1) sum_{j < k} log(T_k / T_j) ]^-1.
  /// 0 where it cannot be told: a row with copies of itself, or all distances equal.
  std::vector<double> dimension;
};

/// @param neighbors  lists by cosine of unit rows among themselves (`skip_same_index`), of at least
///                   two entries: cosine c is the distance sqrt(2 - 2 c)
LocalGeometry measure_local_geometry(const TopkLists& neighbors);

/// One dimension for all rows: the harmonic mean over those where it can be told, which is the
/// maximum of their joint likelihood (MacKay 2005). 0 if there are none.
double intrinsic_dimension(const LocalGeometry& geometry);

}  // namespace xalign
