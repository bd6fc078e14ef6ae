#pragma once

#include <cstddef>
#include <cstdint>

namespace xalign {

/// Sizes that all instruction sets agree on.
constexpr int kPanelColumns = 16;    // columns that lie interleaved
constexpr int kSegmentColumns = 64;  // columns that a scan reports as a mask
constexpr int kStripRows = 32;       // rows of one int8 product
constexpr int kFloatStripRows = 48;  // rows of one float32 product

/// A row of quantised numbers stands for `scale * values`.
struct QuantizedRow {
  float scale = 0;
  float error = 0;  ///< at least the length of what quantisation took away
};

/// What a scan knows of the rows or the columns. The upper bound of a pair is
/// `score * row scale * column scale + row offset + column offset`.
struct ScanSide {
  const float* scale = nullptr;
  const float* offset = nullptr;
  const float* floor = nullptr;
};

/// Rows of a matrix whose rows are `stride` floats apart, in any order.
struct RowList {
  const float* matrix = nullptr;
  std::ptrdiff_t stride = 0;
  std::ptrdiff_t dimension = 0;
  const std::int32_t* listed = nullptr;
  std::ptrdiff_t count = 0;
};

/// The inner loops of the neighbour search for one instruction set, and those that go over listed
/// rows of a matrix. All arrays of columns are padded to whole segments.
struct TopkKernels {
  const char* name;
  bool fast_int8;    ///< the int8 screen beats the float32 one
  int row_levels;    ///< rows are quantised to -row_levels ... row_levels, columns to -127 ... 127
  int row_bias;      ///< added to the quantised rows, for products that want one side unsigned
  int group_limit;   ///< of the sum of sizes of the column numbers 8 i + {0, 1, 4, 5}, and of
                     ///< 8 i + {2, 3, 6, 7}, for products that add them up in 16 bits; 0 = none
  int sample_share;  ///< every how many-th row is worth a look before the search; 0 = none
  int depth_step;    ///< quantised rows are padded with zeros to a multiple of this
  int tile_panels;   ///< panels of columns that one int8 product is made with

  /// Quantises a row to whole numbers in [-levels, levels].
  QuantizedRow (*quantize)(const float* row, std::ptrdiff_t dimension, int levels,
                           std::int8_t* values);

  /// scores[r * stride + c] = start[c] + rows[r] . column c, for kStripRows rows of `depth` bytes
  /// and `panels` panels (whole segments) of columns of `depth * kPanelColumns` bytes, in which
  /// four bytes of each column alternate.
  void (*multiply)(const std::int8_t* rows, std::ptrdiff_t depth, const std::int8_t* columns,
                   const std::int32_t* start, std::ptrdiff_t panels, std::int32_t* scores,
                   std::ptrdiff_t stride);

  /// The same for kFloatStripRows rows, `row_stride` apart, of `depth` floats. The columns of a
  /// panel alternate float by float.
  void (*multiply_float)(const float* rows, std::ptrdiff_t row_stride, std::ptrdiff_t depth,
                         const float* columns, std::ptrdiff_t panels, float* scores,
                         std::ptrdiff_t stride);

  /// Finds the pairs of up to 64 rows and a segment of columns whose upper bound is not below one
  /// of their two floors: `masks[r]` has a bit for each column. Returns a bit for each row that has
  /// any.
  std::uint64_t (*scan_int)(const std::int32_t* scores, std::ptrdiff_t stride, int count,
                            const ScanSide& rows, const ScanSide& columns, std::uint64_t* masks);
  std::uint64_t (*scan_float)(const float* scores, std::ptrdiff_t stride, int count,
                              const ScanSide& rows, const ScanSide& columns, std::uint64_t* masks);

  /// Raises each of `best`, one for every column, to the lower bound of its pair: the same formula
  /// with offsets that are subtracted before. `count` is a multiple of a segment.
  void (*raise)(const std::int32_t* scores, float row_scale, float row_offset,
                const float* column_scale, const float* column_offset, std::ptrdiff_t count,
                float* best);

  /// A dot product in float32, in any order.
  float (*dot_float)(const float* a, const float* b, std::ptrdiff_t dimension);

  /// The exact dot product: the same bits for every instruction set.
  double (*dot)(const float* a, const float* b, std::ptrdiff_t dimension);

  /// products[i] = row . matrix row listed[i], as by `dot_float`.
  void (*dot_rows)(const float* row, const RowList& list, float* products);

  /// sum += sum_i factors[i] (matrix row listed[i]), in float32.
  void (*add_rows)(const float* factors, const RowList& list, float* sum);
};

extern const TopkKernels kTopkGeneric;
#ifdef XALIGN_X86
extern const TopkKernels kTopkAvx2;
extern const TopkKernels kTopkAvxVnni;
extern const TopkKernels kTopkAvx512Vnni;
extern const TopkKernels kTopkAmx;
#endif

}  // namespace xalign
