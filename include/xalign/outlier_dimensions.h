#pragma once

#include <xalign/matrix.h>

#include <vector>

namespace xalign {

/// A column that stands apart from the others.
struct OutlierDimension {
  Eigen::Index column = 0;
  double mean_deviation = 0;      ///< of its mean, see below; signed
  double variance_deviation = 0;  ///< of its variance; signed
};

/// Finds the columns whose mean or variance is more than `threshold` robust standard deviations
/// away from the median of all columns: |v - median| > threshold 1.4826 median |v - median| (1.4826
/// makes the median deviation of normal numbers a standard deviation). A few such columns decide
/// most cosines of contextual vectors (Haemmerl 2023; Kovaleva 2021). Where more than half of the
/// columns agree exactly there is no deviation to measure by, and no outlier of that kind.
/// @return in column order
/// @throws Error(data) for rows that are not finite
std::vector<OutlierDimension> find_outlier_dimensions(ConstRows rows, double threshold);

}  // namespace xalign
