#include "linalg/topk_avx512.h"

namespace xalign {
namespace {

struct Avx512Vnni : Avx512 {
  static void dot4(Int& sum, Int row, Int column) {
    sum = (Int)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)row, (__m512i)column);
  }
};

}  // namespace

const TopkKernels kTopkAvx512Vnni = {
    .name = "avx512vnni",
    .fast_int8 = true,
    .row_levels = 127,
    .row_bias = 128,
    .group_limit = 0,
    .sample_share = 12,
    .depth_step = 4,
    .tile_panels = 4,
    .quantize = quantize<Avx512>,
    .multiply = multiply<Avx512Vnni, 4, 4>,
    .multiply_float = multiply_float<Avx512, 6, 4>,
    .scan_int = scan<Avx512, std::int32_t>,
    .scan_float = scan<Avx512, float>,
    .raise = raise<Avx512>,
    .dot_float = dot_float<Avx512>,
    .dot = dot<Avx512>,
    .dot_rows = dot_rows<Avx512>,
    .add_rows = add_rows<Avx512>,
};

}  // namespace xalign
