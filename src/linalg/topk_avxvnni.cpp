#include "linalg/topk_avx.h"

namespace xalign {
namespace {

struct AvxVnni : Avx {
  static void dot4(Int& sum, Int row, Int column) {
    sum = (Int)_mm256_dpbusd_avx_epi32((__m256i)sum, (__m256i)row, (__m256i)column);
  }
};

}  // namespace

const TopkKernels kTopkAvxVnni = {
    .name = "avxvnni",
    .fast_int8 = true,
    .row_levels = 127,
    .row_bias = 128,
    .group_limit = 0,
    .sample_share = 16,
    .depth_step = 4,
    .tile_panels = 4,
    .quantize = quantize<Avx>,
    .multiply = multiply<AvxVnni, 4, 2>,
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
