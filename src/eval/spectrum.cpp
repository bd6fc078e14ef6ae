#include "eval/moments.h"

#include <xalign/error.h>
#include <xalign/spectrum.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace xalign {
namespace {

constexpr double kNoise = 1e-6;

VectorD singular_values(ConstRows rows) {
  // Squaring halves the digits of the smallest values: only where the rows are too many.
  if (rows.rows() <= 4 * rows.cols()) return svd(rows.cast<double>(), "spectrum").s;
  const SymmetricEigen eigen = symmetric_eigen(exact_cross_product(rows, rows), "spectrum");
  return eigen.values.cwiseMax(0).cwiseSqrt().reverse();
}

double effective_rank_of(const VectorD& values) {
  const double sum = values.sum();
  if (!(sum > 0)) return 0;
  double entropy = 0;
  for (const double value : values)
    if (value > 0) entropy -= value / sum * std::log(value / sum);
  return std::exp(entropy);
}

double ratio(double a, double b) {
  return b > 0 ? a / b : std::numeric_limits<double>::infinity();
}

double root_mean_square(std::span<const double> values) {
  return std::sqrt(std::inner_product(values.begin(), values.end(), values.begin(), 0.0) /
                   static_cast<double>(values.size()));
}

}  // namespace

Spectrum measure_spectrum(ConstRows rows) {
  if (rows.size() == 0 || !rows.allFinite())
    throw Error(ErrorKind::data, "spectrum",
                rows.size() == 0 ? "no vectors" : "values that are not finite", "finite vectors");
  const VectorD values = singular_values(rows);
  Spectrum spectrum;
  spectrum.singular_values.assign(values.begin(), values.end());
  spectrum.condition_number = ratio(values[0], values[values.size() - 1]);
  spectrum.effective_rank = effective_rank_of(values);
  const auto effective = static_cast<Eigen::Index>(std::lround(spectrum.effective_rank));
  spectrum.effective_condition_number =
      ratio(values[0], values[std::clamp<Eigen::Index>(effective, 1, values.size()) - 1]);
  return spectrum;
}

Eigen::Index measured_rank(const Spectrum& spectrum) {
  const std::vector<double>& values = spectrum.singular_values;
  return std::ranges::count_if(
      values, [&](double value) { return value > 0 && value > kNoise * values.front(); });
}

double singular_value_gap(const Spectrum& source, const Spectrum& target) {
  const std::size_t count = std::min(source.singular_values.size(), target.singular_values.size());
  if (count == 0) return 0;
  const std::span s(source.singular_values.data(), count);
  const std::span t(target.singular_values.data(), count);
  const double scale_s = root_mean_square(s), scale_t = root_mean_square(t);
  const auto rank_s = static_cast<std::size_t>(measured_rank(source)),
             rank_t = static_cast<std::size_t>(measured_rank(target));
  double gap = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const bool none_s = i >= rank_s, none_t = i >= rank_t;
    if (none_s && none_t) break;
    if (none_s || none_t) return std::numeric_limits<double>::infinity();
    const double difference = std::log(s[i] / scale_s) - std::log(t[i] / scale_t);
    gap += difference * difference;
  }
  return gap;
}

double orthogonality_deviation(ConstRows map) {
  const MatrixD product = exact_cross_product(map, map);
  return (product - MatrixD::Identity(map.cols(), map.cols())).norm();
}

}  // namespace xalign
