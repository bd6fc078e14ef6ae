#include "mapping/listwise_model.h"

#include "core/parallel_for.h"
#include "linalg/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace xalign {
namespace {

constexpr std::size_t kBlock = 64;  // lists
// Of the gradient, far below the penalty of a coefficient that matters.
constexpr double kTolerance = 1e-5;
// Of the loss, which is computed in float32: smaller gains are lost in its rounding.
constexpr double kGain = 1e-6;

auto rows_of_list(const CandidateFeatures& features, std::size_t list) {
  const std::size_t begin = features.begins[list], end = features.begins[list + 1];
  return features.values.middleRows(static_cast<Eigen::Index>(begin),
                                    static_cast<Eigen::Index>(end - begin));
}

std::vector<std::size_t> numbers_or_all(const std::vector<std::size_t>& numbers,
                                        std::size_t count) {
  if (!numbers.empty()) return numbers;
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

struct Workspace {
  Eigen::VectorXf scores, gradient;
  std::vector<float> gold;
};

/// A list with a right and a wrong candidate; features in units of their spread, so that the
/// penalty treats all alike.
class TellingList {
 public:
  /// @param spread  of the features of `columns`
  TellingList(const CandidateFeatures& features, std::size_t list,
              const std::vector<std::size_t>& columns, const std::vector<std::uint8_t>& gold,
              const VectorD& spread)
      : columns_(rows_of_list(features, list)(Eigen::all, columns)) {
    columns_.array().rowwise() /= spread.cast<float>().transpose().array();
    for (Eigen::Index i = 0; i < columns_.rows(); ++i)
      if (gold[features.begins[list] + static_cast<std::size_t>(i)] != 0) gold_.push_back(i);
  }

  /// Loss of the list, log sum e^score - log sum_gold e^score; adds its gradient.
  double add(const Eigen::VectorXf& coefficients, Workspace& work, VectorD& gradient) const {
    Eigen::VectorXf& scores = work.scores;
    scores.noalias() = columns_ * coefficients;
    const float most = scores.maxCoeff();
    float most_gold = -std::numeric_limits<float>::infinity();
    for (const Eigen::Index i : gold_) most_gold = std::max(most_gold, scores[i]);
    std::vector<float>& pull = work.gold;
    pull.clear();
    double right = 0;
    for (const Eigen::Index i : gold_) {
      pull.push_back(std::exp(scores[i] - most_gold));
      right += static_cast<double>(pull.back());
    }
    scores = (scores.array() - most).exp();
    const double total = scores.cast<double>().sum();
    // sum_i p_i f_i - sum_gold p_i / p_gold f_i
    scores *= static_cast<float>(1 / total);
    for (std::size_t i = 0; i < gold_.size(); ++i)
      scores[gold_[i]] -= pull[i] * static_cast<float>(1 / right);
    work.gradient.noalias() = columns_.transpose() * scores;
    gradient += work.gradient.cast<double>();
    return std::log(total) - std::log(right) + static_cast<double>(most - most_gold);
  }

 private:
  Eigen::MatrixXf columns_;  // column by column, as the products need it
  std::vector<Eigen::Index> gold_;
};

/// Those of the lists that say something: with a right and a wrong candidate.
std::vector<std::size_t> telling_lists(const CandidateFeatures& features,
                                       const std::vector<std::size_t>& wanted,
                                       const std::vector<std::uint8_t>& gold) {
  std::vector<std::size_t> lists;
  for (const std::size_t list : wanted) {
    const auto begin = gold.begin() + static_cast<std::ptrdiff_t>(features.begins[list]);
    const auto end = gold.begin() + static_cast<std::ptrdiff_t>(features.begins[list + 1]);
    const auto right = std::count(begin, end, std::uint8_t{1});
    if (right > 0 && right < end - begin) lists.push_back(list);
  }
  return lists;
}

}  // namespace

VectorD feature_spread(const CandidateFeatures& features, const std::vector<std::size_t>& lists) {
  VectorD sum = VectorD::Zero(features.values.cols());
  Eigen::Index count = 0;
  for (const std::size_t list : numbers_or_all(lists, features.lists())) {
    MatrixD rows = rows_of_list(features, list).cast<double>();
    if (rows.rows() == 0) continue;
    rows.rowwise() -= rows.colwise().mean().eval();
    sum += rows.colwise().squaredNorm().transpose();
    count += rows.rows();
  }
  VectorD spread = (sum / static_cast<double>(std::max<Eigen::Index>(count, 1))).cwiseSqrt();
  return (spread.array() > 1e-12).select(spread, 1);
}

VectorD fit_listwise(const CandidateFeatures& features, const std::vector<std::uint8_t>& gold,
                     const ListwiseOptions& options) {
  VectorD coefficients = VectorD::Zero(features.values.cols());
  const std::vector<std::size_t> wanted = numbers_or_all(options.lists, features.lists());
  const std::vector<std::size_t> telling = telling_lists(features, wanted, gold);
  if (telling.empty()) return coefficients;
  const auto columns =
      numbers_or_all(options.features, static_cast<std::size_t>(features.values.cols()));
  const VectorD spread = feature_spread(features, wanted)(columns);
  const Blocks blocks{telling.size(), kBlock};
  std::vector<std::vector<TellingList>> lists(blocks.count());
  parallel_for(blocks.count(), [&](std::size_t block) {
    for (std::size_t i = blocks.begin(block); i < blocks.begin(block) + blocks.length(block); ++i)
      lists[block].emplace_back(features, telling[i], columns, gold, spread);
  });
  const auto count = static_cast<double>(telling.size());
  const auto objective = [&](const VectorD& x, VectorD& gradient) {
    const Eigen::VectorXf scaled = x.cast<float>();
    std::vector<double> losses(blocks.count(), 0);
    std::vector<VectorD> gradients(blocks.count(), VectorD::Zero(x.size()));
    parallel_for(blocks.count(), [&](std::size_t block) {
      Workspace work;
      for (const TellingList& list : lists[block])
        losses[block] += list.add(scaled, work, gradients[block]);
    });
    double loss = 0;
    gradient.setZero();
    for (std::size_t block = 0; block < blocks.count(); ++block) {
      loss += losses[block];
      gradient += gradients[block];
    }
    gradient = gradient / count + options.l2 * x;
    return loss / count + options.l2 / 2 * x.squaredNorm();
  };
  VectorD start = VectorD::Zero(spread.size());
  if (options.start.size() == coefficients.size())
    start = options.start(columns).cwiseProduct(spread);
  coefficients(columns) =
      minimize(objective, start,
               {.iterations = options.iterations, .tolerance = kTolerance, .gain = kGain})
          .x.cwiseQuotient(spread);
  return coefficients;
}

VectorD list_probabilities(const CandidateFeatures& features, std::size_t list,
                           const VectorD& coefficients) {
  VectorD scores = rows_of_list(features, list).cast<double>() * coefficients;
  if (scores.size() == 0) return scores;
  scores = (scores.array() - scores.maxCoeff()).exp();
  return scores / scores.sum();
}

std::vector<float> listwise_probabilities(const CandidateFeatures& features,
                                          const VectorD& coefficients) {
  std::vector<float> probabilities(static_cast<std::size_t>(features.values.rows()));
  const Blocks blocks{features.lists(), kBlock};
  parallel_for(blocks.count(), [&](std::size_t block) {
    for (std::size_t i = blocks.begin(block); i < blocks.begin(block) + blocks.length(block); ++i) {
      const VectorD shares = list_probabilities(features, i, coefficients);
      for (Eigen::Index j = 0; j < shares.size(); ++j)
        probabilities[features.begins[i] + static_cast<std::size_t>(j)] =
            static_cast<float>(shares[j]);
    }
  });
  return probabilities;
}

}  // namespace xalign
