#include "linalg/topk_search.h"

#include "linalg/product.h"

#include <algorithm>
#include <bit>

namespace xalign {
namespace {

constexpr Eigen::Index kFloatStripRows = 128;
constexpr auto kWidth = static_cast<std::size_t>(kColumnBlock);

}  // namespace

bool Exclusions::has(Eigen::Index row, Eigen::Index column) const {
  if (same_index && row == column) return true;
  return !pairs.empty() &&
         std::binary_search(pairs.begin(), pairs.end(),
                            std::pair{static_cast<Index>(row), static_cast<Index>(column)});
}

BlockSearch::BlockSearch(const SearchTask& task, PackedSide rows, CandidateLists& row_lists,
                         CandidateLists& column_lists)
    : task_(task),
      rows_(std::move(rows)),
      row_lists_(row_lists),
      column_lists_(column_lists),
      offset_(kWidth),
      floor_(kWidth) {
  if (task_.screen == TopkScreen::int8)
    int_scores_ = AlignedArray<std::int32_t>(kStripRows * kWidth);
  if (task_.screen == TopkScreen::float32)
    float_scores_ = Matrix::Zero(kFloatStripRows, kColumnBlock);
  for (std::size_t i = 0; i < rows_.norm.size(); ++i)
    longest_row_ = std::max(
        longest_row_, static_cast<double>(rows_.norm[i]) + static_cast<double>(rows_.error[i]));
}

void BlockSearch::search(const PackedSide& columns, Eigen::Index begin) {
  prepare(columns, begin);
  const Eigen::Index step = task_.screen == TopkScreen::float32 ? kFloatStripRows : kStripRows;
  for (Eigen::Index strip = 0; strip < rows_.count; strip += step) {
    const Eigen::Index length = std::min(step, rows_.count - strip);
    screen_strip(columns, strip, length);
    for (Eigen::Index i = 0; i < length; ++i) search_row(columns, strip + i, i);
  }
}

void BlockSearch::prepare(const PackedSide& columns, Eigen::Index begin) {
  begin_ = begin;
  width_ = std::min(kColumnBlock, columns.count - begin);
  longest_column_ = 0;
  const Eigen::Index padded =
      std::min(kColumnBlock, static_cast<Eigen::Index>(columns.norm.size()) - begin);
  for (Eigen::Index j = 0; j < padded; ++j) {
    const auto c = static_cast<std::size_t>(begin + j);
    const auto at = static_cast<std::size_t>(j);
    if (j >= width_) {
      offset_[at] = 0;
      floor_[at] = std::numeric_limits<float>::infinity();
      continue;
    }
    const Eigen::Index column = columns.begin + begin + j;
    const double term = task_.target.term(column) * task_.per_unit;
    longest_column_ = std::max(longest_column_, static_cast<double>(columns.norm[c]));
    // Bounds of a pair are split into a part of the row and a part of the column, with the longest
    // row in place of the row: exact enough for rows of similar length.
    offset_[at] = round_up(term + std::abs(term) * kTermError +
                           longest_row_ * static_cast<double>(columns.error[c]));
    floor_[at] = round_down(column_lists_.floor(column) * task_.per_unit);
  }
}

void BlockSearch::screen_strip(const PackedSide& columns, Eigen::Index strip, Eigen::Index length) {
  if (task_.screen == TopkScreen::int8) {
    const auto panels =
        (width_ + kSegmentColumns - 1) / kSegmentColumns * kSegmentColumns / kPanelColumns;
    task_.kernels.multiply(rows_.values.data() + strip * rows_.depth, rows_.depth,
                           columns.values.data() + begin_ * columns.depth,
                           columns.start.data() + begin_, panels, int_scores_.data(), kColumnBlock);
  } else if (task_.screen == TopkScreen::float32) {
    multiply_transposed(task_.source.rows.middleRows(rows_.begin + strip, length),
                        task_.target.rows.middleRows(columns.begin + begin_, width_),
                        float_scores_.topLeftCorner(length, width_));
  }
}

double BlockSearch::upper_bound(const PackedSide& columns, const ScanRow& row, Eigen::Index i,
                                Eigen::Index line, Eigen::Index j) const {
  if (task_.screen == TopkScreen::none) return std::numeric_limits<double>::infinity();
  const auto r = static_cast<std::size_t>(i);
  const auto c = static_cast<std::size_t>(begin_ + j);
  const double screened =
      task_.screen == TopkScreen::int8
          ? static_cast<double>(int_scores_[static_cast<std::size_t>(line * kColumnBlock + j)])
          : static_cast<double>(float_scores_(line, j));
  const auto sum = [](float a, float b) { return static_cast<double>(a) + static_cast<double>(b); };
  const double row_slack = static_cast<double>(rows_.error[r]) *
                           (longest_column_ - static_cast<double>(columns.norm[c]));
  const double column_slack =
      static_cast<double>(columns.error[c]) * (longest_row_ - sum(rows_.norm[r], rows_.error[r]));
  return screened * static_cast<double>(row.scale) * static_cast<double>(columns.scale[c]) +
         sum(row.offset, offset_[static_cast<std::size_t>(j)]) - row_slack - column_slack;
}

void BlockSearch::search_row(const PackedSide& columns, Eigen::Index i, Eigen::Index line) {
  const auto r = static_cast<std::size_t>(i);
  const Eigen::Index row = rows_.begin + i;
  const Eigen::Index dimension = task_.source.rows.cols();
  const double row_term = task_.source.term(row);
  const double scaled_term = row_term * task_.per_unit;
  ScanRow scan_row;
  scan_row.scale = rows_.scale[r];
  scan_row.offset = round_up(scaled_term + std::abs(scaled_term) * kTermError +
                             static_cast<double>(rows_.error[r]) * longest_column_ + kTiny);
  scan_row.floor = round_down(row_lists_.floor(row) * task_.per_unit);
  const ScanColumns scan_columns{columns.scale.data() + begin_, offset_.data(), floor_.data()};
  const Eigen::Index segments = (width_ + kSegmentColumns - 1) / kSegmentColumns;
  for (Eigen::Index segment = 0;; ++segment) {
    std::uint64_t mask = ~std::uint64_t{0};
    if (task_.screen == TopkScreen::int8)
      segment = task_.kernels.scan_int(int_scores_.data() + line * kColumnBlock, scan_row,
                                       scan_columns, segment, segments, &mask);
    else if (task_.screen == TopkScreen::float32)
      segment = task_.kernels.scan_float(float_scores_.data() + line * kColumnBlock, scan_row,
                                         scan_columns, segment, segments, &mask);
    if (segment >= segments) break;
    for (; mask != 0; mask &= mask - 1) {
      const Eigen::Index j = segment * kSegmentColumns + std::countr_zero(mask);
      if (j >= width_) break;
      // The scan knows looser bounds, and older floors of this segment.
      const double bound = upper_bound(columns, scan_row, i, line, j);
      float& column_floor = floor_[static_cast<std::size_t>(j)];
      if (bound < static_cast<double>(scan_row.floor) && bound < static_cast<double>(column_floor))
        continue;
      const Eigen::Index column = columns.begin + begin_ + j;
      if (task_.exclusions.has(row, column)) continue;
      const double score =
          task_.kernels.dot(task_.source.row(row), task_.target.row(column), dimension) +
          (row_term + task_.target.term(column));
      const double scaled = score * task_.per_unit;
      if (scaled >= static_cast<double>(scan_row.floor) &&
          row_lists_.offer(row, score, static_cast<Index>(column)))
        scan_row.floor = round_down(row_lists_.floor(row) * task_.per_unit);
      if (scaled >= static_cast<double>(column_floor) &&
          column_lists_.offer(column, score, static_cast<Index>(row)))
        column_floor = round_down(column_lists_.floor(column) * task_.per_unit);
    }
  }
}

}  // namespace xalign
