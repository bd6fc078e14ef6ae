#pragma once

#include <cstdint>
#include <span>
#include <utility>

namespace xalign {

/// 95 % percentile bootstrap interval of the mean of `values`, resampling with replacement.
/// @return {low, high}; {0, 0} for no values
std::pair<double, double> bootstrap_interval(std::span<const double> values, int resamples,
                                             std::uint64_t seed);

}  // namespace xalign
