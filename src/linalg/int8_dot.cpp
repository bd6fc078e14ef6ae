#include "linalg/int8_dot.h"

#ifdef XALIGN_X86
#include <immintrin.h>
#endif

namespace xalign {
namespace {

// A few rows at a time wait for memory less often than one.
constexpr std::ptrdiff_t kRows = 4;

void dots_anywhere(const std::int8_t* rows, std::ptrdiff_t count, const Int8Query& query,
                   std::int32_t* out) {
  for (std::ptrdiff_t i = 0; i < count; ++i, rows += query.dimension) {
    std::int32_t sum = 0;
    for (std::ptrdiff_t j = 0; j < query.dimension; ++j)
      sum += std::int32_t{rows[j]} * std::int32_t{query.values[static_cast<std::size_t>(j)]};
    out[i] = sum;
  }
}

#ifdef XALIGN_X86
__attribute__((target("avx2"))) inline std::int32_t add_lanes(__m256i sums) {
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1));
  return _mm_cvtsi128_si32(four);
}

/// 32 numbers at a time; what is read behind a row meets zeros of the query. Signs go from the
/// query to the row, since the instruction takes one side without them. Two products of up to 127 *
/// 127 fit into 16 bits.
template <std::ptrdiff_t kCount>
__attribute__((target("avx2"))) inline void dots_of(const std::int8_t* rows, const Int8Query& query,
                                                    std::int32_t* out) {
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i sums[kCount];
  for (std::ptrdiff_t r = 0; r < kCount; ++r) sums[r] = _mm256_setzero_si256();
  for (std::ptrdiff_t j = 0; j < query.dimension; j += 32) {
    const __m256i q = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(query.values.data() + j));
    const __m256i magnitudes = _mm256_abs_epi8(q);
    for (std::ptrdiff_t r = 0; r < kCount; ++r) {
      const __m256i row =
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rows + r * query.dimension + j));
      const __m256i pairs = _mm256_maddubs_epi16(magnitudes, _mm256_sign_epi8(row, q));
      sums[r] = _mm256_add_epi32(sums[r], _mm256_madd_epi16(pairs, ones));
    }
  }
  for (std::ptrdiff_t r = 0; r < kCount; ++r) out[r] = add_lanes(sums[r]);
}

__attribute__((target("avx2"))) void dots_avx2(const std::int8_t* rows, std::ptrdiff_t count,
                                               const Int8Query& query, std::int32_t* out) {
  std::ptrdiff_t i = 0;
  for (; i + kRows <= count; i += kRows) dots_of<kRows>(rows + i * query.dimension, query, out + i);
  for (; i < count; ++i) dots_of<1>(rows + i * query.dimension, query, out + i);
}
#endif

}  // namespace

void int8_dots(const std::int8_t* rows, std::ptrdiff_t count, const Int8Query& query, bool avx2,
               std::int32_t* out) {
#ifdef XALIGN_X86
  if (avx2) return dots_avx2(rows, count, query, out);
#endif
  (void)avx2;
  dots_anywhere(rows, count, query, out);
}

}  // namespace xalign
