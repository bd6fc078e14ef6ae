// For any processor: vectors of 128 bits, which the compiler turns into what there is.
#include "linalg/topk_simd.h"

namespace xalign {
namespace {

struct Generic : Vectors<16> {
  static std::uint32_t mask(Float bound, Float floor) {
    const Int less = bound < floor;
    return static_cast<std::uint32_t>((less[0] + 1) | (less[1] + 1) << 1 | (less[2] + 1) << 2 |
                                      (less[3] + 1) << 3);
  }
  static Double widen(HalfFloat v) { return __builtin_convertvector(v, Double); }
  static Float load_floats(const float* from, int count) {
    Float part = {};
    for (int i = 0; i < count; ++i) part[i] = from[i];
    return part;
  }
  static HalfFloat load_part(const float* from, int count) {
    HalfFloat part = {};
    for (int i = 0; i < count; ++i) part[i] = from[i];
    return part;
  }
  static void dot4(Int& sum, Int row, Int column) {
    for (int shift = 24; shift >= 0; shift -= 8)
      sum += ((row << (24 - shift)) >> 24) * ((column << (24 - shift)) >> 24);
  }
};

}  // namespace

const TopkKernels kTopkGeneric = {
    .name = "generic",
    .fast_int8 = false,
    .row_levels = 127,
    .row_bias = 0,
    .group_limit = 0,
    .sample_share = 0,
    .depth_step = 4,
    .tile_panels = 4,
    .quantize = quantize<Generic>,
    .multiply = multiply<Generic, 2, 4>,
    .multiply_float = multiply_float<Generic, 2, 4>,
    .scan_int = scan<Generic, std::int32_t>,
    .scan_float = scan<Generic, float>,
    .raise = raise<Generic>,
    .dot_float = dot_float<Generic>,
    .dot = dot<Generic>,
    .dot_rows = dot_rows<Generic>,
    .add_rows = add_rows<Generic>,
};

}  // namespace xalign
