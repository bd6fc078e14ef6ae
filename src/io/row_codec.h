#pragma once

#include <xalign/matrix.h>
#include <xalign/store.h>

#include <cstddef>

namespace xalign {

/// Bytes of a number.
std::size_t number_bytes(StoreType type);

/// Writes a row as a store keeps it. Returns its scale, 1 but for int8.
float encode_row(StoreType type, const float* row, Eigen::Index dimension, char* out);

/// The row that is meant.
void decode_row(StoreType type, const char* bytes, float scale, Eigen::Index dimension, float* row);

}  // namespace xalign
