#include <xalign/random.h>
#include <xalign/significance.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <tuple>
#include <utility>
#include <vector>

namespace xalign {

std::pair<double, double> bootstrap_interval(std::span<const double> values, int resamples,
                                             std::uint64_t seed) {
  if (values.empty() || resamples <= 0) return {0, 0};
  Random random(seed);
  std::vector<double> means(static_cast<std::size_t>(resamples));
  for (double& mean : means) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[random.below(values.size())];
    mean = sum / static_cast<double>(values.size());
  }
  return percentile_interval(std::move(means));
}

std::pair<double, double> percentile_interval(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) return {0, 0};
  std::sort(values.begin(), values.end());
  const auto at = [&](double quantile) {
    return values[static_cast<std::size_t>(
        std::lround(quantile * static_cast<double>(values.size() - 1)))];
  };
  return {at(0.025), at(0.975)};
}

double permutation_test(std::span<const double> differences, int permutations, std::uint64_t seed) {
  const double observed = std::abs(std::accumulate(differences.begin(), differences.end(), 0.0));
  // Equal values are summed in any order here: a hair less than equal counts as equal.
  const double threshold = observed - 1e-9 * (1 + observed);
  Random random(seed);
  int extreme = 0;
  for (int i = 0; i < permutations; ++i) {
    double sum = 0;
    std::uint64_t signs = 0;
    for (std::size_t j = 0; j < differences.size(); ++j) {
      if (j % 64 == 0) signs = random.next();
      sum += (signs >> (j % 64) & 1) != 0 ? differences[j] : -differences[j];
    }
    if (std::abs(sum) >= threshold) ++extreme;
  }
  return (1.0 + extreme) / (1.0 + permutations);
}

PairedComparison compare_paired(std::span<const double> first, std::span<const double> second,
                                const ComparisonOptions& options) {
  PairedComparison comparison;
  if (first.empty()) return comparison;
  const auto mean = [](std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  };
  std::vector<double> differences(first.size());
  std::transform(first.begin(), first.end(), second.begin(), differences.begin(), std::minus<>());
  comparison.first = mean(first);
  comparison.second = mean(second);
  comparison.difference = mean(differences);
  std::tie(comparison.ci_low, comparison.ci_high) =
      bootstrap_interval(differences, options.resamples, options.seed);
  comparison.p_value = permutation_test(differences, options.permutations, options.seed);
  return comparison;
}

}  // namespace xalign
