#pragma once

// What the two variants with 256-bit registers share; see topk_simd.h for what may stand here.
#include "linalg/topk_simd.h"

#include <immintrin.h>

namespace xalign {
namespace {

struct Avx : Vectors<32> {
  static std::uint32_t mask(Float bound, Float floor) {
    return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(bound, floor, _CMP_NLT_UQ)));
  }
  static Double widen(HalfFloat v) { return (Double)_mm256_cvtps_pd((__m128)v); }
  static Float load_floats(const float* from, int count) {
    const __m256i wanted =
        _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    return (Float)_mm256_maskload_ps(from, wanted);
  }
  static HalfFloat load_part(const float* from, int count) {
    const __m128i wanted = _mm_cmpgt_epi32(_mm_set1_epi32(count), _mm_setr_epi32(0, 1, 2, 3));
    return (HalfFloat)_mm_maskload_ps(from, wanted);
  }
};

}  // namespace
}  // namespace xalign
