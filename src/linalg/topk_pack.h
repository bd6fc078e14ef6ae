#pragma once

#include "core/aligned_array.h"
#include "linalg/topk_kernels.h"

#include <xalign/matrix.h>

#include <cmath>
#include <vector>

namespace xalign {

// What bounds of scores leave to float32: underflow, whose smallest normal number is 1e-38 (bounds
// are at most about 4), and roundings of terms.
constexpr double kTiny = 1e-24;
constexpr double kTermError = 0x1p-21;

/// How pairs are screened.
enum class TopkScreen {
  none,     ///< not at all: for sides too small to prepare anything for
  float32,  ///< by a float32 product
  int8,     ///< by a product of rows quantised to 8 bits
};

/// Some rows of one side, ready for a screen. Real numbers are multiplied by a power of two
/// that brings the side's longest row near 1. For all pairs of a row x and a column z
///     |x . z - x.scale z.scale screened(x, z)| <= x.error z.norm + (x.norm + x.error) z.error.
struct PackedSide {
  Eigen::Index begin = 0;
  Eigen::Index count = 0;
  std::ptrdiff_t depth = 0;               // bytes of a quantised row
  AlignedArray<std::int8_t> values;       // int8: rows, or panels of columns
  AlignedArray<float> floats;             // float32: panels of columns
  AlignedArray<std::int32_t> start;       // int8 columns: what makes up for the bias of the rows
  std::vector<float> scale, norm, error;  // padded to whole segments
};

/// Length of every row. @throws Error(data) for a value that is not finite
std::vector<double> row_norms(ConstRows rows, const char* side);

/// Bytes that a packed row or column takes.
std::size_t packed_bytes(const TopkKernels& kernels, TopkScreen screen, Eigen::Index dimension);

/// @param norms   of all rows of this side
/// @param factor  the power of two
PackedSide pack_rows(const TopkKernels& kernels, TopkScreen screen, ConstRows rows,
                     const std::vector<double>& norms, double factor, Eigen::Index begin,
                     Eigen::Index count);
PackedSide pack_columns(const TopkKernels& kernels, TopkScreen screen, ConstRows columns,
                        const std::vector<double>& norms, double factor, Eigen::Index begin,
                        Eigen::Index count);

/// Bound of the error of a float32 dot product, in any order of summation, relative to the product
/// of the lengths; with what is lost in the sums with terms and bounds.
double float_error(Eigen::Index dimension);

/// Nearby float32 numbers that are not greater, not less (but for underflow).
inline float round_down(double x) {
  return static_cast<float>(std::isfinite(x) ? x - std::abs(x) * 0x1p-23 : x);
}
inline float round_up(double x) {
  return -round_down(-x);
}

}  // namespace xalign
