#include "mapping/training_rows.h"

#include <xalign/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace xalign {
namespace {

void check_index(Index index, Eigen::Index rows) {
  if (index < 0 || index >= rows)
    throw Error(ErrorKind::data, "pairs", fmt::format("row number {}", index),
                fmt::format("0 to {}, the rows of the vectors", rows - 1));
}

/// The power of two that brings the largest absolute value of some rows into [1, 2).
double scale_to_one(ConstRows rows, std::span<const WordPair> pairs, Index WordPair::*side) {
  // Absolute values are ordered as their bits are, those that are not finite behind all others.
  std::int32_t largest_bits = 0;
  for (const WordPair& pair : pairs) {
    const float* row = rows.row(pair.*side).data();
    for (Eigen::Index i = 0; i < rows.cols(); ++i)
      largest_bits = std::max(largest_bits, std::bit_cast<std::int32_t>(row[i]) & 0x7fffffff);
  }
  const auto largest = std::bit_cast<float>(largest_bits);
  if (!std::isfinite(largest))
    throw Error(ErrorKind::data, "pairs", "training vectors with values that are not finite",
                "finite numbers", "remove these vectors or normalise them");
  if (largest == 0)
    throw Error(ErrorKind::data, "pairs", "training vectors that are all zero",
                "vectors that tell words apart",
                "look at the files: normalisation makes vectors zero that are all the same");
  return std::ldexp(1.0, -std::ilogb(largest));
}

/// `row` times a power of two and a weight.
template <typename Row>
void copy_scaled(const Row& row, double scale, float weight, Eigen::Ref<RowVector> out) {
  // A factor beyond the range of float32 is as good in double precision, only slower.
  if (const auto factor = static_cast<float>(scale); std::isnormal(factor))
    out = row * (factor * weight);
  else
    out = (row.template cast<double>() * scale).template cast<float>() * weight;
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
  const float largest_weight = std::ranges::max(pairs, {}, &WordPair::weight).weight;
  TrainingRows training{.source = Matrix(count, source.cols()),
                        .target = Matrix(count, target.cols()),
                        .source_scale = scale_to_one(source, pairs, &WordPair::source),
                        .target_scale = scale_to_one(target, pairs, &WordPair::target),
                        .weight_scale = std::ldexp(1.0, -(std::ilogb(largest_weight) / 2) * 2)};
  for (Eigen::Index i = 0; i < count; ++i) {
    const WordPair& pair = pairs[static_cast<std::size_t>(i)];
    const auto weight =
        static_cast<float>(std::sqrt(static_cast<double>(pair.weight) * training.weight_scale));
    copy_scaled(source.row(pair.source), training.source_scale, weight, training.source.row(i));
    copy_scaled(target.row(pair.target), training.target_scale, weight, training.target.row(i));
  }
  return training;
}

}  // namespace xalign
