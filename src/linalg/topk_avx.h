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
};

}  // namespace
}  // namespace xalign
