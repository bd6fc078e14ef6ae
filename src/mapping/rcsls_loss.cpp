#include "mapping/rcsls_loss.h"

#include "core/parallel_for.h"
#include "mapping/mapped_rows.h"
#include "mapping/refine_steps.h"

#include <algorithm>

namespace xalign {
namespace {

constexpr std::size_t kBlockRows = 256;

/// Per word of `near` the mean of its nearest rows and of their scores.
Matrix neighbor_means(const TopkLists& near, ConstRows rows, std::vector<double>& mean_scores) {
  Matrix means = Matrix::Zero(near.rows(), rows.cols());
  mean_scores.assign(static_cast<std::size_t>(near.rows()), 0);
  const Blocks blocks{mean_scores.size(), kBlockRows};
  parallel_for(blocks.count(), [&](std::size_t block) {
    for (std::size_t i = blocks.begin(block); i < blocks.begin(block) + blocks.length(block); ++i) {
      const auto word = static_cast<Eigen::Index>(i);
      Eigen::Index count = 0;
      for (; count < near.k() && near.index(word, count) >= 0; ++count) {
        means.row(word) += rows.row(near.index(word, count));
        mean_scores[i] += static_cast<double>(near.score(word, count));
      }
      means.row(word) /= static_cast<float>(count);
      mean_scores[i] /= static_cast<double>(count);
    }
  });
  return means;
}

}  // namespace

RcslsLoss::RcslsLoss(ConstRows source, ConstRows target, const MapPair& maps,
                     std::span<const WordPair> pairs, const RcslsOptions& options)
    : neighbors_(options.neighbors) {
  source_ = mapped_unit_rows(first_rows(source, options.words), maps.source);
  target_ = mapped_unit_rows(first_rows(target, options.words), maps.target);
  const std::vector<Index> sources = words_of(pairs, &WordPair::source);
  const std::vector<Index> targets = words_of(pairs, &WordPair::target);
  source_words_ = mapped_unit_rows(source, sources, maps.source);
  target_words_ = mapped_unit_rows(target, targets, maps.target);
  source_weights_.resize(sources.size());
  target_weights_.resize(targets.size());
  const std::vector<double> weights = relative_weights(pairs);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs_.push_back(
        {position_of(sources, pairs[i].source), position_of(targets, pairs[i].target), weights[i]});
    source_weights_[static_cast<std::size_t>(pairs_[i].source)] += static_cast<float>(weights[i]);
    target_weights_[static_cast<std::size_t>(pairs_[i].target)] += static_cast<float>(weights[i]);
  }
}

RcslsLoss::Value RcslsLoss::at(const MatrixD& w) {
  const Matrix map = w.cast<float>();
  const Matrix moved_words = multiply(source_words_, map);
  near_targets_ =
      find_topk(moved_words, target_,
                {.row_k = neighbors_,
                 .warm_start = near_targets_.rows.rows() > 0 ? &near_targets_ : nullptr});
  near_sources_ =
      find_topk(target_words_, multiply(source_, map),
                {.row_k = neighbors_,
                 .warm_start = near_sources_.rows.rows() > 0 ? &near_sources_ : nullptr});
  std::vector<double> target_scores, source_scores;
  // x_i enters with 2 z_i - the mean of its neighbours; z_i with the mean of its own.
  Matrix pull = -neighbor_means(near_targets_.rows, target_, target_scores);
  const Matrix source_means = neighbor_means(near_sources_.rows, source_, source_scores);
  for (Eigen::Index a = 0; a < pull.rows(); ++a)
    pull.row(a) *= source_weights_[static_cast<std::size_t>(a)];

  Value value;
  for (const Pair& pair : pairs_) {
    const double score =
        static_cast<double>(moved_words.row(pair.source).dot(target_words_.row(pair.target)));
    value.loss -= pair.weight * (2 * score - target_scores[static_cast<std::size_t>(pair.source)] -
                                 source_scores[static_cast<std::size_t>(pair.target)]);
    pull.row(pair.source) += 2 * static_cast<float>(pair.weight) * target_words_.row(pair.target);
  }
  value.gradient = cross_product(source_means, target_words_, target_weights_) -
                   cross_product(source_words_, pull);
  return value;
}

}  // namespace xalign
