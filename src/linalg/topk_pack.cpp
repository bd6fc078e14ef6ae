#include "linalg/topk_pack.h"

#include "core/parallel_for.h"

#include <xalign/error.h>
#include <xalign/topk.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>

namespace xalign {
namespace {

constexpr std::size_t kBlockRows = 256;
constexpr double kFloatUnit = 0x1p-24;  // relative error of one rounding
// Roundings of the scale, of the quantised row and of the bound that a scan computes.
constexpr double kScanError = 0x1p-20;

std::ptrdiff_t round_to(std::ptrdiff_t size, std::ptrdiff_t step) {
  return (size + step - 1) / step * step;
}

PackedSide make_side(const TopkKernels& kernels, TopkScreen screen, Eigen::Index dimension,
                     Eigen::Index begin, Eigen::Index count) {
  PackedSide side;
  side.begin = begin;
  side.count = count;
  const auto padded = static_cast<std::size_t>(round_to(count, kSegmentColumns));
  side.scale.assign(padded, 0);
  side.norm.assign(padded, 0);
  side.error.assign(padded, 0);
  if (screen == TopkScreen::int8) {
    side.depth = round_to(dimension, kernels.depth_step);
    side.values = AlignedArray<std::int8_t>(padded * static_cast<std::size_t>(side.depth));
  }
  return side;
}

/// Fills in what is known of row i of the side, but for its quantised values.
void set_bounds(PackedSide& side, std::size_t i, TopkScreen screen, const QuantizedRow& quantized,
                Eigen::Index dimension, double norm, double factor) {
  side.norm[i] = round_up(norm * factor);
  if (screen == TopkScreen::int8) {
    const double growth = 1 + static_cast<double>(dimension) * 0x1p-22;
    side.scale[i] = static_cast<float>(static_cast<double>(quantized.scale) * factor);
    side.error[i] =
        round_up((static_cast<double>(quantized.error) * growth + norm * kScanError) * factor);
  } else {
    side.scale[i] = static_cast<float>(factor);
    // The whole error of the product is put down to the rows.
    side.error[i] = round_up(norm * float_error(dimension) * factor);
  }
}

/// The largest sum of sizes of the four numbers that a product may add up in 16 bits.
int largest_group(const std::vector<std::int8_t>& values) {
  int most = 0;
  for (std::size_t k = 0; k + 8 <= values.size(); k += 8)
    for (const std::size_t first : {k, k + 2})
      most = std::max(most, std::abs(values[first]) + std::abs(values[first + 1]) +
                                std::abs(values[first + 4]) + std::abs(values[first + 5]));
  return most;
}

/// Quantises a column to as many levels as the product allows. `values` ends with its padding.
QuantizedRow quantize_column(const TopkKernels& kernels, const float* column,
                             Eigen::Index dimension, std::vector<std::int8_t>& values) {
  int levels = 127;
  while (true) {
    const QuantizedRow quantized = kernels.quantize(column, dimension, levels, values.data());
    if (kernels.group_limit == 0) return quantized;
    const int most = largest_group(values);
    if (most <= kernels.group_limit) return quantized;
    levels = std::min(levels - 1, levels * kernels.group_limit / most);
  }
}

/// A panel of the columns from `begin` on; zeros in place of those from `end` on.
void pack_floats(ConstRows columns, Eigen::Index begin, Eigen::Index end, float* panel) {
  // The rows of the columns are the columns of the panel.
  Eigen::Map<Eigen::Matrix<float, kPanelColumns, Eigen::Dynamic>> out(panel, kPanelColumns,
                                                                      columns.cols());
  const Eigen::Index count =
      std::min<Eigen::Index>(kPanelColumns, std::max<Eigen::Index>(0, end - begin));
  if (count < kPanelColumns) out.setZero();
  if (count > 0) out.topRows(count) = columns.middleRows(begin, count);
}

}  // namespace

double float_error(Eigen::Index dimension) {
  // Higham 2002, section 3.1: any order of summation, fused or not.
  const double nu = static_cast<double>(dimension + 2) * kFloatUnit;
  return nu / (1 - nu) + kScanError;
}

std::vector<double> row_norms(ConstRows rows, const char* side) {
  std::vector<double> norms(static_cast<std::size_t>(rows.rows()));
  const Blocks blocks{norms.size(), kBlockRows};
  parallel_for(blocks.count(), [&](std::size_t block) {
    for (std::size_t i = blocks.begin(block); i < blocks.begin(block) + blocks.length(block); ++i) {
      const auto row = static_cast<Eigen::Index>(i);
      norms[i] = std::sqrt(exact_dot(rows.row(row).data(), rows.row(row).data(), rows.cols()));
      if (!std::isfinite(norms[i]))
        throw Error(ErrorKind::data, side,
                    "row " + std::to_string(i) + " has a value that is not finite",
                    "finite numbers");
    }
  });
  return norms;
}

std::size_t packed_bytes(const TopkKernels& kernels, TopkScreen screen, Eigen::Index dimension) {
  const std::size_t bounds = 3 * sizeof(float);
  if (screen == TopkScreen::float32)
    return bounds + sizeof(float) * static_cast<std::size_t>(dimension);
  return bounds + sizeof(std::int32_t) +
         static_cast<std::size_t>(round_to(dimension, kernels.depth_step));
}

PackedSide pack_rows(const TopkKernels& kernels, TopkScreen screen, ConstRows rows,
                     const std::vector<double>& norms, double factor, Eigen::Index begin,
                     Eigen::Index count) {
  const Eigen::Index dimension = rows.cols();
  PackedSide side = make_side(kernels, screen, dimension, begin, count);
  if (screen == TopkScreen::int8) std::memset(side.values.data(), 0, side.values.size());
  for (Eigen::Index i = 0; i < count; ++i) {
    const auto row = static_cast<std::size_t>(i);
    QuantizedRow quantized;
    if (screen == TopkScreen::int8) {
      std::int8_t* values = side.values.data() + i * side.depth;
      quantized =
          kernels.quantize(rows.row(begin + i).data(), dimension, kernels.row_levels, values);
      for (Eigen::Index j = 0; kernels.row_bias != 0 && j < dimension; ++j)
        values[j] = static_cast<std::int8_t>(values[j] + kernels.row_bias);
    }
    set_bounds(side, row, screen, quantized, dimension, norms[static_cast<std::size_t>(begin + i)],
               factor);
  }
  return side;
}

PackedSide pack_columns(const TopkKernels& kernels, TopkScreen screen, ConstRows columns,
                        const std::vector<double>& norms, double factor, Eigen::Index begin,
                        Eigen::Index count) {
  const Eigen::Index dimension = columns.cols();
  PackedSide side = make_side(kernels, screen, dimension, begin, count);
  if (screen == TopkScreen::int8)
    side.start = AlignedArray<std::int32_t>(side.scale.size());
  else
    side.floats = AlignedArray<float>(side.scale.size() * static_cast<std::size_t>(dimension));
  const Blocks panels{side.scale.size(), kPanelColumns};
  const std::size_t group = 16;
  const Blocks groups{panels.count(), group};
  parallel_for(groups.count(), [&](std::size_t g) {
    std::vector<std::int8_t> values(static_cast<std::size_t>(side.depth));
    for (std::size_t p = groups.begin(g); p < groups.begin(g) + groups.length(g); ++p) {
      if (screen == TopkScreen::float32)
        pack_floats(columns, begin + static_cast<Eigen::Index>(panels.begin(p)), begin + count,
                    side.floats.data() + p * static_cast<std::size_t>(dimension * kPanelColumns));
      std::int8_t* panel =
          side.values.data() + static_cast<std::ptrdiff_t>(p) * side.depth * kPanelColumns;
      for (std::size_t lane = 0; lane < kPanelColumns; ++lane) {
        const std::size_t i = panels.begin(p) + lane;
        const auto column = begin + static_cast<Eigen::Index>(i);
        const bool real = static_cast<Eigen::Index>(i) < count;
        QuantizedRow quantized;
        if (screen == TopkScreen::int8) {
          std::fill(values.begin(), values.end(), std::int8_t{0});
          if (real)
            quantized = quantize_column(kernels, columns.row(column).data(), dimension, values);
          std::int32_t sum = 0;
          for (const std::int8_t value : values) sum += value;
          side.start[i] = -kernels.row_bias * sum;
          for (std::size_t k = 0; k < values.size(); k += 4)
            std::memcpy(panel + k * kPanelColumns + lane * 4, values.data() + k, 4);
        }
        if (!real) continue;
        set_bounds(side, i, screen, quantized, dimension, norms[static_cast<std::size_t>(column)],
                   factor);
        if (screen == TopkScreen::float32) side.error[i] = 0;
      }
    }
  });
  return side;
}

}  // namespace xalign
