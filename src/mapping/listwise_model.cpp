#include "mapping/listwise_model.h"

#include "core/parallel_for.h"
#include "linalg/lbfgs.h"

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

constexpr std::size_t kBlock = 64;  // lists

auto rows_of_list(const CandidateFeatures& features, std::size_t list) {
  const std::size_t begin = features.begins[list], end = features.begins[list + 1];
  return features.values.middleRows(static_cast<Eigen::Index>(begin),
                                    static_cast<Eigen::Index>(end - begin));
}

/// Turns scores into exp(score - maximum) and returns their sum.
double exponentials(VectorD& scores) {
  scores = (scores.array() - scores.maxCoeff()).exp();
  return scores.sum();
}

/// Loss of one list; adds its gradient.
double add_list(const CandidateFeatures& features, std::size_t list, const std::uint8_t* gold,
                const VectorD& coefficients, VectorD& gradient) {
  const MatrixD rows = rows_of_list(features, list).cast<double>();
  VectorD scores = rows * coefficients;
  const double total = exponentials(scores);
  double right = 0;
  for (Eigen::Index i = 0; i < scores.size(); ++i) right += gold[i] != 0 ? scores[i] : 0;
  // Gradient of log total - log right: sum_i p_i f_i - sum_gold p_i / p_gold f_i.
  VectorD pull = scores / total;
  for (Eigen::Index i = 0; i < scores.size(); ++i)
    if (gold[i] != 0) pull[i] -= scores[i] / right;
  gradient += rows.transpose() * pull;
  return std::log(total) - std::log(right);
}

/// Lists that say something: with a right and a wrong candidate.
std::vector<std::size_t> telling_lists(const CandidateFeatures& features,
                                       const std::vector<std::uint8_t>& gold) {
  std::vector<std::size_t> lists;
  for (std::size_t list = 0; list < features.lists(); ++list) {
    const auto begin = gold.begin() + static_cast<std::ptrdiff_t>(features.begins[list]);
    const auto end = gold.begin() + static_cast<std::ptrdiff_t>(features.begins[list + 1]);
    const auto right = std::count(begin, end, std::uint8_t{1});
    if (right > 0 && right < end - begin) lists.push_back(list);
  }
  return lists;
}

}  // namespace

VectorD feature_spread(const CandidateFeatures& features) {
  VectorD sum = VectorD::Zero(features.values.cols());
  for (std::size_t list = 0; list < features.lists(); ++list) {
    MatrixD rows = rows_of_list(features, list).cast<double>();
    if (rows.rows() == 0) continue;
    rows.rowwise() -= rows.colwise().mean().eval();
    sum += rows.colwise().squaredNorm().transpose();
  }
  const auto count = static_cast<double>(std::max<Eigen::Index>(features.values.rows(), 1));
  VectorD spread = (sum / count).cwiseSqrt();
  return (spread.array() > 1e-12).select(spread, 1);
}

VectorD fit_listwise(const CandidateFeatures& features, const std::vector<std::uint8_t>& gold,
                     const ListwiseOptions& options) {
  const VectorD spread = feature_spread(features);
  const std::vector<std::size_t> lists = telling_lists(features, gold);
  if (lists.empty()) return VectorD::Zero(features.values.cols());
  const Blocks blocks{lists.size(), kBlock};
  // In units of the spread, so that the penalty treats all features alike.
  const auto objective = [&](const VectorD& x, VectorD& gradient) {
    const VectorD coefficients = x.cwiseQuotient(spread);
    std::vector<double> losses(blocks.count(), 0);
    std::vector<VectorD> gradients(blocks.count(), VectorD::Zero(x.size()));
    parallel_for(blocks.count(), [&](std::size_t block) {
      for (std::size_t i = blocks.begin(block); i < blocks.begin(block) + blocks.length(block); ++i)
        losses[block] += add_list(features, lists[i], gold.data() + features.begins[lists[i]],
                                  coefficients, gradients[block]);
    });
    double loss = 0;
    gradient.setZero();
    for (std::size_t block = 0; block < blocks.count(); ++block) {
      loss += losses[block];
      gradient += gradients[block];
    }
    const auto count = static_cast<double>(lists.size());
    gradient = gradient.cwiseQuotient(spread) / count + options.l2 * x;
    return loss / count + options.l2 / 2 * x.squaredNorm();
  };
  return minimize(objective, VectorD::Zero(spread.size()), {.iterations = options.iterations})
      .x.cwiseQuotient(spread);
}

std::vector<float> listwise_probabilities(const CandidateFeatures& features,
                                          const VectorD& coefficients) {
  std::vector<float> probabilities(static_cast<std::size_t>(features.values.rows()));
  const Blocks blocks{features.lists(), kBlock};
  parallel_for(blocks.count(), [&](std::size_t block) {
    for (std::size_t i = blocks.begin(block); i < blocks.begin(block) + blocks.length(block); ++i) {
      VectorD scores = rows_of_list(features, i).cast<double>() * coefficients;
      if (scores.size() == 0) continue;
      const double total = exponentials(scores);
      for (Eigen::Index j = 0; j < scores.size(); ++j)
        probabilities[features.begins[i] + static_cast<std::size_t>(j)] =
            static_cast<float>(scores[j] / total);
    }
  });
  return probabilities;
}

}  // namespace xalign
