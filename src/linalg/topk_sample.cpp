#include "linalg/topk_sample.h"

#include "core/parallel_for.h"

#include <algorithm>
#include <limits>

namespace xalign {
namespace {

// The sampled rows are dealt to groups. The best lower bounds of the groups belong to different
// pairs, and with some more groups than list entries they are mostly the best ones of all.
constexpr int kGroupsPerEntry = 3;

/// Packs every `share`-th row; whole strips only.
PackedSide pack_sample(const TopkKernels& kernels, const SearchSide& side, Eigen::Index count,
                       Eigen::Index share) {
  Matrix rows(count, side.rows.cols());
  std::vector<double> norms(static_cast<std::size_t>(count));
  for (Eigen::Index i = 0; i < count; ++i) {
    rows.row(i) = side.rows.row(i * share);
    norms[static_cast<std::size_t>(i)] = side.norms[static_cast<std::size_t>(i * share)];
  }
  return pack_rows(kernels, TopkScreen::int8, rows, norms, side.factor, 0, count);
}

/// What is subtracted from a score, and the term that is added to it, for its lower bound.
float lower_offset(double term, double slack) {
  return round_down(term - std::abs(term) * kTermError - slack - kTiny);
}

}  // namespace

void promise_from_sample(const TopkKernels& kernels, const SearchSide& side,
                         const SearchSide& others, double per_unit, int skipped,
                         CandidateLists& lists) {
  if (lists.k() == 0 || kernels.sample_share == 0) return;
  const Eigen::Index needed = lists.k() + skipped;
  const Eigen::Index groups = (kGroupsPerEntry * needed + kStripRows - 1) / kStripRows * kStripRows;
  const Eigen::Index share = kernels.sample_share;
  const Eigen::Index count = others.rows.rows() / share / kStripRows * kStripRows;
  if (count < 2 * groups) return;
  const PackedSide sample = pack_sample(kernels, others, count, share);
  double longest = 0;
  for (std::size_t i = 0; i < sample.norm.size(); ++i)
    longest = std::max(longest, static_cast<double>(sample.norm[i] + sample.error[i]));

  const Blocks blocks{static_cast<std::size_t>(lists.rows()), kColumnBlock};
  parallel_for(blocks.count(), [&](std::size_t block) {
    const auto begin = static_cast<Eigen::Index>(blocks.begin(block));
    const auto width = static_cast<Eigen::Index>(blocks.length(block));
    const PackedSide columns =
        pack_columns(kernels, TopkScreen::int8, side.rows, side.norms, side.factor, begin, width);
    const std::size_t padded = columns.scale.size();
    const auto stride = static_cast<std::ptrdiff_t>(padded);
    std::vector<float> offset(padded);
    double longest_column = 0;
    for (std::size_t j = 0; j < static_cast<std::size_t>(width); ++j) {
      offset[j] = lower_offset(side.term(begin + static_cast<Eigen::Index>(j)) * per_unit,
                               longest * static_cast<double>(columns.error[j]));
      longest_column = std::max(longest_column, static_cast<double>(columns.norm[j]));
    }
    AlignedArray<std::int32_t> scores(kStripRows * padded);
    std::vector<float> best(static_cast<std::size_t>(groups) * padded,
                            -std::numeric_limits<float>::infinity());
    for (Eigen::Index i = 0; i < count; ++i) {
      const Eigen::Index line = i % kStripRows;
      if (line == 0)
        kernels.multiply(sample.values.data() + i * sample.depth, sample.depth,
                         columns.values.data(), columns.start.data(), stride / kPanelColumns,
                         scores.data(), stride);
      const auto r = static_cast<std::size_t>(i);
      kernels.raise(scores.data() + line * stride, sample.scale[r],
                    lower_offset(others.term(i * share) * per_unit,
                                 longest_column * static_cast<double>(sample.error[r])),
                    columns.scale.data(), offset.data(), stride, best.data() + i % groups * stride);
    }
    std::vector<float> of_row(static_cast<std::size_t>(groups));
    for (Eigen::Index j = 0; j < width; ++j) {
      for (Eigen::Index g = 0; g < groups; ++g)
        of_row[static_cast<std::size_t>(g)] = best[static_cast<std::size_t>(g * stride + j)];
      std::nth_element(of_row.begin(), of_row.begin() + needed - 1, of_row.end(), std::greater<>());
      lists.promise(begin + j,
                    static_cast<double>(of_row[static_cast<std::size_t>(needed - 1)]) / per_unit);
    }
  });
}

}  // namespace xalign
