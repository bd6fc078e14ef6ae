#pragma once

#include <xalign/topk.h>

#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace xalign {

/// Rows of 8-bit numbers as they lie in a file: row i stands for `scales[i] * values of row i`.
struct Int8Rows {
  const std::int8_t* values = nullptr;  ///< row after row; kInt8Reach bytes more can be read
  const float* scales = nullptr;
  const float* lengths = nullptr;  ///< of the rows that are meant, rounded to float32
  Eigen::Index count = 0;
  Eigen::Index dimension = 0;
};

/// `find_topk(queries, U, options).rows`, U the rows brought to length 1, without making U: the
/// queries are quantised too, whole numbers are multiplied where they lie, and only pairs whose
/// product can reach the list are scored in floating point. The same lists to the last bit.
///
/// For few queries: the rows are read from memory once, and once from the cache for every query.
///
/// @param queries  unit rows
/// @param options  `row_k`, `row_terms`, `column_terms`, `skip_pairs` and `isa` count
TopkLists find_topk_int8(ConstRows queries, const Int8Rows& rows, const TopkOptions& options);

/// The row that is meant.
void decode_int8(const std::int8_t* values, float scale, Eigen::Index dimension, float* row);

}  // namespace xalign
