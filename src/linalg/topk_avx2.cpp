#include "linalg/topk_avx.h"

namespace xalign {
namespace {

struct Avx2 : Avx {
  // Sums of two products saturate at 16 bits. Rows of 7 bits keep them below: 2 * 127 * 127.
  static void dot4(Int& sum, Int row, Int column) {
    const __m256i pairs = _mm256_maddubs_epi16((__m256i)row, (__m256i)column);
    sum += (Int)_mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
  }
};

}  // namespace

const TopkKernels kTopkAvx2 = {
    .name = "avx2",
    .fast_int8 = false,
    .row_levels = 63,
    .row_bias = 64,
    .sample_share = 0,
    .depth_step = 4,
    .tile_panels = 4,
    .quantize = quantize<Avx>,
    .multiply = multiply<Avx2, 4, 2>,
    .multiply_float = multiply_float<Avx, 6, 2>,
    .scan_int = scan<Avx, std::int32_t>,
    .scan_float = scan<Avx, float>,
    .raise = raise<Avx>,
    .dot_float = dot_float<Avx>,
    .dot = dot<Avx>,
};

}  // namespace xalign
