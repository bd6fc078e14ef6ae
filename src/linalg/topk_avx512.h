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
};

}  // namespace
}  // namespace xalign
