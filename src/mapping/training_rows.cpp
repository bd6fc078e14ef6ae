#include "mapping/training_rows.h"

#include <xalign/error.h>

#include <fmt/format.h>

#include <cmath>

namespace xalign {
namespace {

void check_index(Index index, Eigen::Index rows) {
  if (index < 0 || index >= rows)
    throw Error(ErrorKind::data, "pairs", fmt::format("row number {}", index),
                fmt::format("0 to {}, the rows of the vectors", rows - 1));
}

/// Scales to a largest absolute value in [1, 2). Returns the factor.
double scale_to_one(Matrix& rows) {
  if (!rows.allFinite())
    throw Error(ErrorKind::data, "pairs", "training vectors with values that are not finite",
                "finite numbers", "remove these vectors or normalise them");
  const float largest = rows.cwiseAbs().maxCoeff();
  if (largest == 0)
    throw Error(ErrorKind::data, "pairs", "training vectors that are all zero",
                "vectors that tell words apart");
  const double scale = std::ldexp(1.0, -std::ilogb(largest));
  rows = (rows.cast<double>() * scale).cast<float>();
  return scale;
}

}  // namespace

void validate_pairs(std::span<const WordPair> pairs, Eigen::Index source_rows,
                    Eigen::Index target_rows) {
  if (pairs.empty()) throw Error(ErrorKind::config, "pairs", "no training pairs", "at least one");
  for (const WordPair& pair : pairs) {
    check_index(pair.source, source_rows);
    check_index(pair.target, target_rows);
    if (!(pair.weight > 0 && std::isfinite(pair.weight)))
      throw Error(ErrorKind::data, "pairs", fmt::format("a weight of {}", pair.weight),
                  "a positive number");
  }
}

void validate_ridge(const char* option, double ridge) {
  if (!(ridge >= 0 && std::isfinite(ridge)))
    throw Error(ErrorKind::config, option, fmt::format("{}", ridge), "0 or more");
}

void require_equal_dimensions(Eigen::Index source, Eigen::Index target) {
  if (source != target)
    throw Error(ErrorKind::data, "procrustes",
                fmt::format("vectors of dimensions {} and {}", source, target),
                "the same dimension in both languages", "use multistep, cca or ridge");
}

TrainingRows gather_training_rows(ConstRows source, ConstRows target,
                                  std::span<const WordPair> pairs) {
  validate_pairs(pairs, source.rows(), target.rows());
  const auto count = static_cast<Eigen::Index>(pairs.size());
  TrainingRows training{Matrix(count, source.cols()), Matrix(count, target.cols()), {}};
  training.weights.reserve(pairs.size());
  float largest_weight = 0;
  for (Eigen::Index i = 0; i < count; ++i) {
    const WordPair& pair = pairs[static_cast<std::size_t>(i)];
    training.source.row(i) = source.row(pair.source);
    training.target.row(i) = target.row(pair.target);
    training.weights.push_back(pair.weight);
    largest_weight = std::max(largest_weight, pair.weight);
  }
  training.source_scale = scale_to_one(training.source);
  training.target_scale = scale_to_one(training.target);
  training.weight_scale = std::ldexp(1.0, -(std::ilogb(largest_weight) / 2) * 2);
  for (float& weight : training.weights)
    weight = static_cast<float>(weight * training.weight_scale);
  return training;
}

}  // namespace xalign
