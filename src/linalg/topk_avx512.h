#pragma once

// What the two variants with 512-bit registers share; see topk_simd.h for what may stand here.
#include "linalg/topk_simd.h"

#include <immintrin.h>

namespace xalign {
namespace {

struct Avx512 : Vectors<64> {
  static std::uint32_t mask(Float bound, Float floor) {
    return _mm512_cmp_ps_mask(bound, floor, _CMP_NLT_UQ);
  }
  static Double widen(HalfFloat v) { return (Double)_mm512_maskz_cvtps_pd(0xff, (__m256)v); }
  static Float load_floats(const float* from, int count) {
    return (Float)_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), from);
  }
  static HalfFloat load_part(const float* from, int count) {
    return (HalfFloat)_mm256_maskz_loadu_ps(static_cast<__mmask8>((1u << count) - 1), from);
  }
};

}  // namespace
}  // namespace xalign
