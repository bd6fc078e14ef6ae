#include "linalg/topk_avx.h"

namespace xalign {
namespace {

// Four products at a time are added up in 16 bits before they are widened: rows of -83 ... 83 are
// made positive by a bias, and of a column no four numbers that meet have sizes that add up to more
// than 197, so that no sum leaves 16 bits: 2 * 83 * 197 = 32702.
constexpr int kRowLevels = 83;
constexpr int kGroupLimit = 197;
static_assert(2 * kRowLevels * kGroupLimit <= 32767);

template <int kRows, int kVectors>
inline void multiply_block(const std::int8_t* rows, std::ptrdiff_t depth,
                           const std::int8_t* columns, const std::int32_t* start,
                           std::int32_t* scores, std::ptrdiff_t stride) {
  constexpr int kVectorsPerPanel = kPanelColumns / Avx::kFloats;
  const __m256i ones = _mm256_set1_epi16(1);
  const std::int8_t* vector[kVectors];
  __m256i sum[kRows][kVectors];
  for (int v = 0; v < kVectors; ++v) {
    vector[v] = columns + (v / kVectorsPerPanel) * depth * kPanelColumns +
                (v % kVectorsPerPanel) * static_cast<std::ptrdiff_t>(sizeof(__m256i));
    for (int r = 0; r < kRows; ++r) sum[r][v] = load<__m256i>(start + v * Avx::kFloats);
  }
  for (std::ptrdiff_t k = 0; k < depth; k += 8) {
    __m256i near[kVectors], far[kVectors];
    for (int v = 0; v < kVectors; ++v) {
      near[v] = load<__m256i>(vector[v] + k * kPanelColumns);
      far[v] = load<__m256i>(vector[v] + (k + 4) * kPanelColumns);
    }
    for (int r = 0; r < kRows; ++r) {
      const __m256i near_row = _mm256_set1_epi32(load<std::int32_t>(rows + r * depth + k));
      const __m256i far_row = _mm256_set1_epi32(load<std::int32_t>(rows + r * depth + k + 4));
      for (int v = 0; v < kVectors; ++v) {
        const __m256i four = _mm256_add_epi16(_mm256_maddubs_epi16(near_row, near[v]),
                                              _mm256_maddubs_epi16(far_row, far[v]));
        sum[r][v] = _mm256_add_epi32(sum[r][v], _mm256_madd_epi16(four, ones));
      }
    }
  }
  for (int r = 0; r < kRows; ++r)
    for (int v = 0; v < kVectors; ++v) store(sum[r][v], scores + r * stride + v * Avx::kFloats);
}

void multiply_panels(const std::int8_t* rows, std::ptrdiff_t depth, const std::int8_t* columns,
                     const std::int32_t* start, std::ptrdiff_t panels, std::int32_t* scores,
                     std::ptrdiff_t stride) {
  constexpr int kRows = 2, kVectors = 4, kPanels = kVectors * Avx::kFloats / kPanelColumns;
  for (std::ptrdiff_t p = 0; p < panels; p += kPanels)
    for (int r = 0; r < kStripRows; r += kRows)
      multiply_block<kRows, kVectors>(rows + r * depth, depth, columns + p * depth * kPanelColumns,
                                      start + p * kPanelColumns,
                                      scores + r * stride + p * kPanelColumns, stride);
}

}  // namespace

const TopkKernels kTopkAvx2 = {
    .name = "avx2",
    .fast_int8 = true,
    .row_levels = kRowLevels,
    .row_bias = kRowLevels,
    .group_limit = kGroupLimit,
    .sample_share = 12,
    .depth_step = 8,
    .tile_panels = 4,
    .quantize = quantize<Avx>,
    .multiply = multiply_panels,
    .multiply_float = multiply_float<Avx, 6, 2>,
    .scan_int = scan<Avx, std::int32_t>,
    .scan_float = scan<Avx, float>,
    .raise = raise<Avx>,
    .dot_float = dot_float<Avx>,
    .dot = dot<Avx>,
    .dot_rows = dot_rows<Avx>,
    .add_rows = add_rows<Avx>,
};

}  // namespace xalign
