#include "mapping/isf_beta.h"

#include "core/parallel_for.h"
#include "linalg/product.h"
#include "mapping/mapped_rows.h"

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

constexpr std::size_t kMaxPairs = 2000;
constexpr double kSmallest = 1;
constexpr double kLargest = 200;
constexpr double kPrecision = 1e-4;
constexpr int kNewtonSteps = 20;
constexpr std::size_t kBlockRows = 64;

std::vector<WordPair> spread(std::span<const WordPair> pairs) {
  const std::size_t count = std::min(pairs.size(), kMaxPairs);
  std::vector<WordPair> chosen(count);
  for (std::size_t i = 0; i < count; ++i) chosen[i] = pairs[i * pairs.size() / count];
  return chosen;
}

/// First derivative and negative second derivative of the log likelihood, which is concave.
struct Slope {
  double first = 0;
  double curvature = 0;
};

class Likelihood {
 public:
  Likelihood(ConstRows source, ConstRows target, const MapPair& maps,
             const std::vector<WordPair>& pairs) {
    const std::vector<Index> sources = words_of(pairs, &WordPair::source);
    std::vector<Index> targets;
    for (const WordPair& pair : pairs) {
      targets.push_back(pair.target);
      gold_.push_back(position_of(sources, pair.source));
    }
    const Matrix source_rows = mapped_unit_rows(source, sources, maps.source);
    const Matrix target_rows = mapped_unit_rows(target, targets, maps.target);
    cosines_ = multiply(target_rows, Matrix(source_rows.transpose()));
  }

  Slope at(double beta) const {
    const Blocks blocks{gold_.size(), kBlockRows};
    std::vector<Slope> parts(blocks.count());
    parallel_for(blocks.count(), [&](std::size_t block) {
      for (std::size_t i = 0; i < blocks.length(block); ++i)
        add_row(blocks.begin(block) + i, static_cast<float>(beta), parts[block]);
    });
    Slope sum;
    for (const Slope& part : parts) {
      sum.first += part.first;
      sum.curvature += part.curvature;
    }
    return sum;
  }

 private:
  void add_row(std::size_t i, float beta, Slope& sum) const {
    const auto cosines = cosines_.row(static_cast<Eigen::Index>(i)).array();
    const Eigen::Array<float, 1, Eigen::Dynamic> share =
        (beta * (cosines - cosines.maxCoeff())).exp();
    const double total = share.cast<double>().sum();
    const double mean = (share * cosines).cast<double>().sum() / total;
    const double square = (share * cosines.square()).cast<double>().sum() / total;
    sum.first += cosines[gold_[i]] - mean;
    sum.curvature += std::max(0.0, square - mean * mean);
  }

  std::vector<Eigen::Index> gold_;  // per pair, the column of its source word
  Matrix cosines_;                  // pairs x source words
};

}  // namespace

double fit_isf_beta(ConstRows source, ConstRows target, const MapPair& maps,
                    std::span<const WordPair> pairs) {
  const Likelihood likelihood(source, target, maps, spread(pairs));
  double low = kSmallest, high = kLargest, beta = 30;
  // Newton's method, kept inside the interval that bisection knows to hold the maximum. Where the
  // pairs are separated perfectly the likelihood only flattens out and Newton's steps do not end.
  for (int step = 0; high - low > kPrecision; ++step) {
    const Slope slope = likelihood.at(beta);
    (slope.first > 0 ? low : high) = beta;
    double next = beta + slope.first / slope.curvature;
    if (step >= kNewtonSteps || !(next > low && next < high)) next = (low + high) / 2;
    if (std::abs(next - beta) < kPrecision) return next;
    beta = next;
  }
  return beta;
}

}  // namespace xalign
