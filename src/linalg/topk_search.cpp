#include "linalg/topk_search.h"

#include <algorithm>
#include <bit>

namespace xalign {
namespace {

constexpr std::size_t kTilePairs = kFloatStripRows * kSegmentColumns;
// Lengths that differ by less are as good as equal for bounds.
constexpr double kSimilarLengths = 0.95;
constexpr auto kWidth = static_cast<std::size_t>(kColumnBlock);

/// A term, and what its rounding to float32 may take away.
double with_margin(double term) {
  return term + std::abs(term) * kTermError;
}

// As round_down and round_up, for numbers that are known to be finite.
float below(double x) {
  return static_cast<float>(x - std::abs(x) * 0x1p-23);
}
float above(double x) {
  return static_cast<float>(x + std::abs(x) * 0x1p-23);
}

}  // namespace

BlockSearch::BlockSearch(const SearchTask& task, PackedSide rows, CandidateLists& row_lists)
    : task_(task),
      rows_(std::move(rows)),
      row_pool_(task, CandidatePool::Side::rows, row_lists, rows_.begin, rows_.count),
      tile_columns_(task.screen == TopkScreen::int8 ? task.kernels.tile_panels * kPanelColumns
                                                    : kSegmentColumns),
      row_term_(rows_.norm.size()),
      row_offset_(rows_.norm.size()),
      column_term_(kWidth),
      column_offset_(kWidth),
      pairs_(kTilePairs + 1),
      bounds_(kTilePairs),
      for_rows_(kTilePairs + 1),
      for_columns_(kTilePairs + 1),
      refined_error_(float_error(task.source.rows.cols())) {
  const auto tile = static_cast<std::size_t>(tile_columns_);
  if (task_.screen == TopkScreen::int8)
    int_scores_ = AlignedArray<std::int32_t>(kStripRows * tile);
  else
    float_scores_ = AlignedArray<float>(kFloatStripRows * tile);
  for (std::size_t i = 0; i < static_cast<std::size_t>(rows_.count); ++i) {
    row_term_[i] = static_cast<float>(
        task_.source.term(rows_.begin + static_cast<Eigen::Index>(i)) * task_.per_unit);
    const double length = static_cast<double>(rows_.norm[i]) + static_cast<double>(rows_.error[i]);
    longest_row_ = std::max(longest_row_, length);
    shortest_row_ = std::min(shortest_row_, length);
  }
}

void BlockSearch::search(const PackedSide& columns, CandidatePool& pool, Eigen::Index begin) {
  begin_ = begin;
  width_ = std::min(kColumnBlock, columns.count - begin);
  prepare(columns);
  if (task_.screen == TopkScreen::int8)
    search_tiles(columns, pool, int_scores_);
  else
    search_tiles(columns, pool, float_scores_);
}

void BlockSearch::finish() {
  for (Eigen::Index i = 0; i < rows_.count; ++i) row_pool_.finish(i);
}

void BlockSearch::prepare(const PackedSide& columns) {
  // Bounds of a pair are split into a part of the row and a part of the column, with the longest
  // row, or column, in place of the other: exact enough for a first look.
  double longest_column = 0, shortest_column = std::numeric_limits<double>::infinity();
  for (Eigen::Index j = 0; j < width_; ++j) {
    const auto c = static_cast<std::size_t>(begin_ + j);
    const auto at = static_cast<std::size_t>(j);
    const double term = task_.target.term(columns.begin + begin_ + j) * task_.per_unit;
    longest_column = std::max(longest_column, static_cast<double>(columns.norm[c]));
    shortest_column = std::min(shortest_column, static_cast<double>(columns.norm[c]));
    column_term_[at] = static_cast<float>(term);
    column_offset_[at] =
        round_up(with_margin(term) + longest_row_ * static_cast<double>(columns.error[c]));
  }
  of_similar_lengths_ = shortest_row_ >= kSimilarLengths * longest_row_ &&
                        shortest_column >= kSimilarLengths * longest_column;
  std::fill(column_offset_.data() + width_, column_offset_.data() + kColumnBlock, 0.0f);
  for (std::size_t i = 0; i < static_cast<std::size_t>(rows_.count); ++i)
    row_offset_[i] = round_up(with_margin(static_cast<double>(row_term_[i])) +
                              static_cast<double>(rows_.error[i]) * longest_column + kTiny);
}

template <class T>
void BlockSearch::search_tiles(const PackedSide& columns, CandidatePool& pool,
                               AlignedArray<T>& scores) {
  constexpr bool kInt = std::is_same_v<T, std::int32_t>;
  const Eigen::Index step = kInt ? kStripRows : kFloatStripRows;
  std::uint64_t masks[kFloatStripRows];
  for (Eigen::Index strip = 0; strip < rows_.count; strip += step) {
    const auto length = static_cast<int>(std::min(step, rows_.count - strip));
    const ScanSide row_side{rows_.scale.data() + strip, row_offset_.data() + strip,
                            row_pool_.floors() + strip};
    for (Eigen::Index j = 0; j < width_; j += kSegmentColumns) {
      const Eigen::Index in_tile = j % tile_columns_;
      if (in_tile == 0) multiply(columns, strip, j, scores.data());
      const ScanSide column_side{columns.scale.data() + begin_ + j, column_offset_.data() + j,
                                 pool.floors() + begin_ + j};
      const T* segment = scores.data() + in_tile;
      std::uint64_t found;
      if constexpr (kInt)
        found =
            task_.kernels.scan_int(segment, tile_columns_, length, row_side, column_side, masks);
      else
        found =
            task_.kernels.scan_float(segment, tile_columns_, length, row_side, column_side, masks);
      if (found == 0) continue;
      const std::uint64_t real = width_ - j >= kSegmentColumns
                                     ? ~std::uint64_t{0}
                                     : (std::uint64_t{1} << (width_ - j)) - 1;
      pair_count_ = 0;
      for (; found != 0; found &= found - 1) {
        const Eigen::Index line = std::countr_zero(found);
        collect(columns, pool, strip + line, j, masks[line] & real, segment + line * tile_columns_);
      }
      if constexpr (kInt) refine(columns);
      pass_on(columns, pool);
    }
  }
}

void BlockSearch::multiply(const PackedSide& columns, Eigen::Index strip, Eigen::Index tile,
                           std::int32_t* scores) {
  const Eigen::Index width = std::min(tile_columns_, width_ - tile);
  const auto panels =
      (width + kSegmentColumns - 1) / kSegmentColumns * (kSegmentColumns / kPanelColumns);
  task_.kernels.multiply(rows_.values.data() + strip * rows_.depth, rows_.depth,
                         columns.values.data() + (begin_ + tile) * columns.depth,
                         columns.start.data() + begin_ + tile, panels, scores, tile_columns_);
}

void BlockSearch::multiply(const PackedSide& columns, Eigen::Index strip, Eigen::Index tile,
                           float* scores) {
  const Eigen::Index dimension = task_.source.rows.cols();
  const float* rows = task_.source.row(rows_.begin + strip);
  std::ptrdiff_t stride = task_.source.rows.outerStride();
  if (rows_.count - strip < kFloatStripRows) {
    if (tile == 0) {
      last_rows_.setZero(kFloatStripRows, dimension);
      last_rows_.topRows(rows_.count - strip) =
          task_.source.rows.middleRows(rows_.begin + strip, rows_.count - strip);
    }
    rows = last_rows_.data();
    stride = dimension;
  }
  task_.kernels.multiply_float(rows, stride, dimension,
                               columns.floats.data() + (begin_ + tile) * dimension,
                               kSegmentColumns / kPanelColumns, scores, tile_columns_);
}

inline double BlockSearch::screen_error(std::size_t r, const PackedSide& columns,
                                        std::size_t c) const {
  const auto wide = [](float x) { return static_cast<double>(x); };
  return wide(rows_.error[r]) * wide(columns.norm[c]) +
         (wide(rows_.norm[r]) + wide(rows_.error[r])) * wide(columns.error[c]);
}

inline ScoreBounds BlockSearch::bounds(const Pair& pair, double error) const {
  const double row_term = static_cast<double>(row_term_[static_cast<std::size_t>(pair.row)]);
  const double column_term =
      static_cast<double>(column_term_[static_cast<std::size_t>(pair.column)]);
  const double score = static_cast<double>(pair.product) + (row_term + column_term);
  const double slack = error + kTiny + (std::abs(row_term) + std::abs(column_term)) * kTermError;
  return {below(score - slack), above(score + slack)};
}

/// Appends the pairs of one row whose upper bound reaches a floor. There are no branches on bounds:
/// they could not be predicted.
template <class T>
void BlockSearch::collect(const PackedSide& columns, const CandidatePool& pool, Eigen::Index i,
                          Eigen::Index segment, std::uint64_t mask, const T* scores) {
  const auto r = static_cast<std::size_t>(i);
  const float row_floor = row_pool_.floor(i);
  for (; mask != 0; mask &= mask - 1) {
    const Eigen::Index in_segment = std::countr_zero(mask);
    const auto j = static_cast<std::size_t>(segment + in_segment);
    const auto c = static_cast<std::size_t>(begin_) + j;
    Pair& pair = pairs_[pair_count_];
    pair.row = static_cast<std::int32_t>(r);
    pair.column = static_cast<std::int32_t>(j);
    pair.product = static_cast<float>(scores[in_segment]) * columns.scale[c] * rows_.scale[r];
    if constexpr (std::is_same_v<T, std::int32_t>)
      task_.prefetch(true, columns.begin + begin_ + pair.column);
    if (of_similar_lengths_) {
      ++pair_count_;
      continue;
    }
    // The scan knows looser bounds: with the longest row and the longest column.
    const float upper = bounds(pair, screen_error(r, columns, c)).upper;
    pair_count_ += upper >= std::min(row_floor, pool.floor(begin_ + pair.column));
  }
}

/// Replaces the int8 products of the pairs by float32 ones. The loop has no branches on what it
/// computes, so that the vectors of the next pairs are on their way meanwhile.
void BlockSearch::refine(const PackedSide& columns) {
  const Eigen::Index dimension = task_.source.rows.cols();
  const auto dot = task_.kernels.dot_float;
  for (std::size_t p = 0; p < pair_count_; ++p) {
    Pair& pair = pairs_[p];
    const float* row = task_.source.row(rows_.begin + pair.row);
    const float* column = task_.target.row(columns.begin + begin_ + pair.column);
    const double product = task_.float_is_safe ? static_cast<double>(dot(row, column, dimension))
                                               : task_.kernels.dot(row, column, dimension);
    pair.product = static_cast<float>(product * task_.per_unit);
  }
}

/// Gives the pairs to the pools of their row and column. Which pairs reach a floor cannot be
/// predicted, so that they are listed first, without branches.
void BlockSearch::pass_on(const PackedSide& columns, CandidatePool& pool) {
  const bool is_refined = task_.screen == TopkScreen::int8;
  std::size_t for_rows = 0, for_columns = 0;
  for (std::size_t p = 0; p < pair_count_; ++p) {
    const Pair& pair = pairs_[p];
    const auto r = static_cast<std::size_t>(pair.row);
    const auto c = static_cast<std::size_t>(begin_ + pair.column);
    const double lengths =
        static_cast<double>(rows_.norm[r]) * static_cast<double>(columns.norm[c]);
    const ScoreBounds known =
        bounds(pair, is_refined ? lengths * refined_error_ : screen_error(r, columns, c));
    bounds_[p] = known;
    for_rows_[for_rows] = static_cast<std::uint16_t>(p);
    for_columns_[for_columns] = static_cast<std::uint16_t>(p);
    for_rows += known.upper >= row_pool_.floor(pair.row);
    for_columns += known.upper >= pool.floor(begin_ + pair.column);
  }
  for (std::size_t p = 0; p < for_rows; ++p) {
    const Pair& pair = pairs_[for_rows_[p]];
    const Eigen::Index column = columns.begin + begin_ + pair.column;
    if (!task_.exclusions.has(rows_.begin + pair.row, column))
      row_pool_.add(pair.row, bounds_[for_rows_[p]], column);
  }
  for (std::size_t p = 0; p < for_columns; ++p) {
    const Pair& pair = pairs_[for_columns_[p]];
    const Eigen::Index row = rows_.begin + pair.row;
    if (!task_.exclusions.has(row, columns.begin + begin_ + pair.column))
      pool.add(begin_ + pair.column, bounds_[for_columns_[p]], row);
  }
}

}  // namespace xalign
