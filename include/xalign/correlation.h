#pragma once

#include <span>
#include <vector>

namespace xalign {

/// Ranks from 1; equal values share the mean of their ranks.
std::vector<double> fractional_ranks(std::span<const double> values);

/// Pearson's r = cov(x, y) / (sd(x) sd(y)), of two lists of equal length. NaN where it is not
/// defined: fewer than two values, or one of the lists is constant.
double pearson(std::span<const double> x, std::span<const double> y);

/// Spearman's rho: Pearson's r of the fractional ranks.
double spearman(std::span<const double> x, std::span<const double> y);

}  // namespace xalign
