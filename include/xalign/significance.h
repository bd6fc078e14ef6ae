#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace xalign {

/// 95 % percentile bootstrap interval of the mean of `values`, resampling with replacement.
/// @return {low, high}; {0, 0} for no values
std::pair<double, double> bootstrap_interval(std::span<const double> values, int resamples,
                                             std::uint64_t seed);

/// The 2.5 and 97.5 % quantiles of a statistic of many resamples; NaN values are left out.
/// @return {0, 0} for no values
std::pair<double, double> percentile_interval(std::vector<double> values);

/// Paired permutation test (Fisher 1935) of two systems on the same queries: how often the mean of
/// `differences` under random signs is as far from 0 as theirs.
/// @return two-sided p, (1 + as extreme) / (1 + permutations): never 0; 1 for no values
double permutation_test(std::span<const double> differences, int permutations, std::uint64_t seed);

struct ComparisonOptions {
  int resamples = 2000;      ///< of the bootstrap
  int permutations = 10000;  ///< of the test
  std::uint64_t seed = 1;
};

/// Two systems on the same queries.
struct PairedComparison {
  double first = 0, second = 0;    ///< means
  double difference = 0;           ///< first - second
  double ci_low = 0, ci_high = 0;  ///< paired bootstrap 95 % interval of the difference
  double p_value = 1;              ///< of the permutation test
};

/// @param first, second  a value per query each, of the same queries in the same order
PairedComparison compare_paired(std::span<const double> first, std::span<const double> second,
                                const ComparisonOptions& options = {});

}  // namespace xalign
