#include "shared_space.h"

#include <xalign/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace xalign::cli {
namespace {

constexpr std::size_t kFewPairs = 20;
constexpr std::size_t kManyPairs = 5000;

// Measured: up to 0.008 and 3.5 standard errors for eight unmapped pairs of languages and random
// rotations of them, 0.026 and 4.5 or more for maps of 50 seed pairs.
constexpr double kUnrelated = 0.01;
constexpr double kChance = 3;  // standard errors

}  // namespace

PairSignal measure_pairs(ConstRows source, ConstRows target) {
  const Eigen::MatrixXd x =
      source.cast<double>().rowwise() - source.cast<double>().colwise().mean();
  const Eigen::MatrixXd z =
      target.cast<double>().rowwise() - target.cast<double>().colwise().mean();
  const Eigen::ArrayXd products = (x.array() * z.array()).rowwise().sum();
  const double mean = products.mean();
  const double lengths = std::sqrt(x.squaredNorm() * z.squaredNorm()) / products.size();
  const double error =
      std::sqrt((products - mean).square().sum()) / static_cast<double>(products.size());
  if (lengths == 0) return {};
  return {mean / lengths, error > 0 ? mean / error : std::numeric_limits<double>::infinity()};
}

RowPairs pairs_of(const BliQueries& queries) {
  RowPairs pairs;
  for (const BliQuery& query : queries.covered)
    pairs.emplace_back(query.source, query.gold.front());
  return pairs;
}

RowPairs rows_in_order(Index count) {
  RowPairs pairs;
  for (Index row = 0; row < count; ++row) pairs.emplace_back(row, row);
  return pairs;
}

void warn_if_unrelated(ConstRows source, ConstRows target, const RowPairs& pairs,
                       const std::string& files, Session& session) {
  if (pairs.size() < kFewPairs) return;
  const std::size_t count = std::min(pairs.size(), kManyPairs);
  Matrix x(static_cast<Eigen::Index>(count), source.cols());
  Matrix z(static_cast<Eigen::Index>(count), target.cols());
  for (std::size_t i = 0; i < count; ++i) {
    const auto& [a, b] = pairs[i * pairs.size() / count];
    x.row(static_cast<Eigen::Index>(i)) = source.row(a);
    z.row(static_cast<Eigen::Index>(i)) = target.row(b);
  }
  const PairSignal signal = measure_pairs(x, z);
  session.terminal.detail(fmt::format("pairs of {}: centred cosine {:.3f}, {:.1f} standard errors",
                                      files, signal.nearness, signal.deviations));
  if (signal.nearness >= kUnrelated && signal.deviations >= kChance) return;
  session.terminal.warn(fmt::format(
      "{}: pairs are no nearer to each other than any others (centred cosine {:.3f}): these "
      "files do not seem to share a space, or the pairs are wrong; original vectors "
      "need their mapping: MAP SOURCE TARGET",
      files, signal.nearness));
}

}  // namespace xalign::cli
