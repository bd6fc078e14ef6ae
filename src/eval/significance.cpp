#include <xalign/random.h>
#include <xalign/significance.h>

#include <algorithm>
#include <cmath>
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
  std::sort(means.begin(), means.end());
  const auto at = [&](double quantile) {
    return means[static_cast<std::size_t>(
        std::lround(quantile * static_cast<double>(means.size() - 1)))];
  };
  return {at(0.025), at(0.975)};
}

}  // namespace xalign
