#pragma once

#include <xalign/matrix.h>

namespace xalign {

/// The directions in which rows vary most.
struct Projection {
  RowVector mean;
  Matrix axes;  ///< d x c, orthonormal columns, most variance first

  /// (rows - mean) axes, n x c.
  Matrix apply(ConstRows rows) const;
};

/// Principal component analysis (Hotelling 1933): the first `count` eigenvectors of the covariance
/// of the rows. Each is turned so that its largest number is positive: the same picture each time.
/// @param count  at least 1; at most d are found
/// @throws Error(data) without rows
Projection fit_projection(ConstRows rows, int count);

}  // namespace xalign
