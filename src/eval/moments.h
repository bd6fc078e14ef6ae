#pragma once

#include "linalg/decompositions.h"

namespace xalign {

// Sums in double precision throughout, for measures that are read to three digits where the
// smallest eigenvalue is a millionth of the largest. The same bytes for any number of threads.

/// a' b, d_a x d_b.
MatrixD exact_cross_product(ConstRows a, ConstRows b);

/// Mean of the rows.
Eigen::RowVectorXd mean_row(ConstRows rows);

/// Mean row and (x - mean)' (x - mean) / n.
struct Moments {
  Eigen::RowVectorXd mean;
  MatrixD covariance;
};
Moments moments_of(ConstRows rows);

/// (a - mean)' (b - mean) / n of paired rows.
MatrixD cross_covariance(ConstRows a, ConstRows b);

}  // namespace xalign
