#include "io/decimal.h"

#include "linalg/cpu.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

// Every x86-64 has SSE2, and most have AVX2. Elsewhere the general way does alone.
#ifdef __SSE2__
#define XALIGN_SINGLE_SPACED
#include <immintrin.h>
#endif

namespace xalign {
namespace {

// Numbers of the usual shape are read eight characters at a time; `kReach` is how far a load may
// go: sign, up to seven digits, point, fifteen digits, e, sign, and a load of eight.
constexpr std::ptrdiff_t kReach = 1 + 7 + 1 + 15 + 2 + 8;
// Characters that are searched for blanks at a time, and before numbers are read.
constexpr std::ptrdiff_t kBlock = 64;
constexpr std::ptrdiff_t kWindow = 8 * kBlock;
constexpr std::ptrdiff_t kAhead = 16 * kBlock;
constexpr int kLargestExponent = 22;
constexpr std::uint64_t kExactDouble = std::uint64_t{1} << 53;

constexpr std::uint64_t kExactFloat = std::uint64_t{1} << 24;

constexpr float kSignedPowers[2][9] = {
    {1e0F, 1e1F, 1e2F, 1e3F, 1e4F, 1e5F, 1e6F, 1e7F, 1e8F},
    {-1e0F, -1e1F, -1e2F, -1e3F, -1e4F, -1e5F, -1e6F, -1e7F, -1e8F}};
constexpr std::array<std::uint64_t, 9> kPowers = {1,      10,      100,      1000,     10000,
                                                  100000, 1000000, 10000000, 100000000};
constexpr std::array<double, kLargestExponent + 1> kNegativePowers = {
    1e-0,  1e-1,  1e-2,  1e-3,  1e-4,  1e-5,  1e-6,  1e-7,  1e-8,  1e-9,  1e-10, 1e-11,
    1e-12, 1e-13, 1e-14, 1e-15, 1e-16, 1e-17, 1e-18, 1e-19, 1e-20, 1e-21, 1e-22};

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

inline std::uint64_t load_eight(const char* text) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, sizeof bytes);
  return bytes;
}

/// Turns digits into 0 to 9, and everything else into something larger.
inline std::uint64_t to_digits(std::uint64_t bytes) {
  return bytes ^ 0x3030303030303030u;
}

/// Top bits where a byte is above 9, right up to and including the first such byte (a carry out of
/// it reaches later ones).
inline std::uint64_t above_nine(std::uint64_t bytes) {
  return ((bytes + 0x7676767676767676u) | bytes) & 0x8080808080808080u;
}

/// The number that eight digits make, the first one in the lowest byte. Neighbours are joined: 8
/// numbers below 10 become 4 below 100, 2 below 10^4, 1 below 10^8.
inline std::uint64_t join_digits(std::uint64_t bytes) {
  bytes = (bytes * 10 + (bytes >> 8)) & 0x00ff00ff00ff00ffu;
  bytes = (bytes * 100 + (bytes >> 16)) & 0x0000ffff0000ffffu;
  return (bytes * 10000 + (bytes >> 32)) & 0xffffffffu;
}

/// Up to eight digits at the beginning of some text.
struct Digits {
  unsigned count;
  std::uint64_t value;
};

inline Digits read_digits(const char* text) {
  const std::uint64_t bytes = to_digits(load_eight(text));
  const unsigned count = static_cast<unsigned>(std::countr_zero(above_nine(bytes))) / 8;
  if (count == 0) return {0, 0};
  return {count, join_digits(bytes << (64 - 8 * count))};  // zeros in front
}

/// mantissa * 10^-exponent as the nearest float. False where the last bit is in doubt.
inline bool scale(std::uint64_t mantissa, int exponent, float& value) {
  if (mantissa > kExactDouble || exponent < 0 || exponent > kLargestExponent) return false;
  // Power and product are off by half a unit in the last place each at most. Rounding to float
  // decides the same as for the true value unless a boundary, half-way between two floats, is near.
  const double product =
      static_cast<double>(static_cast<std::int64_t>(mantissa)) * kNegativePowers[exponent];
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 28;
  constexpr std::uint64_t kDoubt = 8;
  const std::uint64_t below_float = std::bit_cast<std::uint64_t>(product) & (2 * kHalf - 1);
  if (below_float - (kHalf - kDoubt) <= 2 * kDoubt) return false;
  value = static_cast<float>(product);
  return true;
}

/// Signs are random: a branch would be mispredicted every other time.
inline float with_sign(float value, bool negative) {
  const std::uint32_t sign = negative ? 0x80000000u : 0;
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) | sign);
}

/// One digit, a point, one to eight digits up to `end`: what nearly all components look like.
/// `text` is readable for kReach characters.
inline bool parse_component(const char* text, const char* end, float& value) {
  const bool negative = *text == '-';
  text += negative ? 1 : 0;
  const unsigned whole = static_cast<unsigned char>(*text) - unsigned{'0'};
  const auto count = static_cast<std::uint64_t>(end - text - 2);
  if (whole > 9 || text[1] != '.' || count - 1 > 7) return false;
  const std::uint64_t bytes = to_digits(load_eight(text + 2)) << (64 - 8 * count);
  if (above_nine(bytes) != 0) return false;
  const std::uint64_t mantissa = whole * kPowers[count] + join_digits(bytes);
  if (mantissa <= kExactFloat) {
    // Both operands are exact, so the quotient is correctly rounded; signs are random, a branch
    // would be mispredicted every other time.
    value = static_cast<float>(static_cast<std::int32_t>(mantissa)) /
            kSignedPowers[negative ? 1 : 0][count];
    return true;
  }
  if (!scale(mantissa, static_cast<int>(count), value)) return false;
  value = with_sign(value, negative);
  return true;
}

/// Digits after those of `mantissa`. False if there may be more of them than fit.
inline bool append_digits(const char*& text, std::uint64_t& mantissa, int& count) {
  const Digits digits = read_digits(text);
  mantissa = mantissa * kPowers[digits.count] + digits.value;
  count += static_cast<int>(digits.count);
  text += digits.count;
  return digits.count < 8;
}

/// One or two digits after an "e", with a sign or without. False for anything else.
inline bool subtract_exponent(const char*& text, int& exponent) {
  const bool below_one = *text == '-';
  if (*text == '-' || *text == '+') ++text;
  const Digits digits = read_digits(text);
  if (digits.count < 1 || digits.count > 2) return false;
  text += digits.count;
  exponent += below_one ? static_cast<int>(digits.value) : -static_cast<int>(digits.value);
  return true;
}

/// The usual shapes: up to 7 digits, a point, up to 15 digits, a small exponent. `text` is readable
/// for kReach characters. Nullptr for any other shape and where rounding is in doubt.
inline const char* parse_usual(const char* text, float& value) {
  const bool negative = *text == '-';
  text += negative ? 1 : 0;
  std::uint64_t mantissa = 0;
  int whole = 1, exponent = 0;
  // Components of vectors are mostly below 10: one digit, then a point.
  if (const unsigned first = static_cast<unsigned char>(*text) - unsigned{'0'};
      first < 10 && text[1] == '.') {
    mantissa = first;
    ++text;
  } else {
    whole = 0;
    if (!append_digits(text, mantissa, whole) || whole == 0) return nullptr;
  }
  if (*text == '.') {
    ++text;
    // At most 4 + 8 + 7 digits fit into 64 bits.
    if (!append_digits(text, mantissa, exponent) &&
        (whole > 4 || !append_digits(text, mantissa, exponent)))
      return nullptr;
  }
  if ((*text | 0x20) == 'e') {
    ++text;
    if (!subtract_exponent(text, exponent)) return nullptr;
  }
  if (!scale(mantissa, exponent, value)) return nullptr;
  value = with_sign(value, negative);
  return text;
}

/// For a number beyond the range of a float: zero or infinity?
float out_of_range(const char* begin, const char* end) {
  double wide = 0;
  const bool negative = *begin == '-';
  bool tiny = false;
  if (std::from_chars(begin, end, wide).ec == std::errc()) {
    tiny = std::abs(wide) < 1;
  } else {
    // Beyond the range of a double, too. Its exponent tells, or else the digits before the point.
    const char* mark = std::find_if(begin, end, [](char c) { return c == 'e' || c == 'E'; });
    const auto is_leading = [](char c) { return c == '-' || c == '0'; };
    tiny = mark != end ? mark + 1 != end && mark[1] == '-'
                       : *std::find_if_not(begin, end, is_leading) == '.';
  }
  const float magnitude = tiny ? 0.0F : std::numeric_limits<float>::infinity();
  return negative ? -magnitude : magnitude;
}

const char* parse_any(const char* begin, const char* end, float& value) {
  if (begin != end && *begin == '+') {
    ++begin;
    if (begin != end && *begin == '-') return nullptr;
  }
  const auto parsed = std::from_chars(begin, end, value);
  if (parsed.ec == std::errc::invalid_argument) return nullptr;
  if (parsed.ec == std::errc::result_out_of_range) value = out_of_range(begin, parsed.ptr);
  return parsed.ptr;
}

#ifdef XALIGN_SINGLE_SPACED
/// Which of 64 characters are blanks or tabs, as bits.
inline std::uint64_t find_blanks(const char* text) {
  const __m128i blank = _mm_set1_epi8(' '), tab = _mm_set1_epi8('\t');
  std::uint64_t bits = 0;
  for (int i = 0; i < kBlock; i += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + i));
    const __m128i found = _mm_or_si128(_mm_cmpeq_epi8(bytes, blank), _mm_cmpeq_epi8(bytes, tab));
    bits |= static_cast<std::uint64_t>(_mm_movemask_epi8(found)) << i;
  }
  return bits;
}

/// Writes down the ends of the fields in up to kWindow characters. Returns their number.
inline std::size_t find_field_ends(const char* begin, const char* end, const char** ends) {
  std::size_t count = 0;
  for (const char* block = begin; block < end; block += kBlock) {
    _mm_prefetch(block + kAhead, _MM_HINT_T0);  // the second time the text is read
    std::uint64_t bits = find_blanks(block);
    if (end - block < kBlock) bits &= (std::uint64_t{1} << (end - block)) - 1;
    for (; bits != 0; bits &= bits - 1) ends[count++] = block + std::countr_zero(bits);
  }
  return count;
}

inline bool parse_field(const char* begin, const char* end, float& value) {
  if (parse_component(begin, end, value) || parse_usual(begin, value) == end) return true;
  return parse_any(begin, end, value) == end && std::isfinite(value);
}

constexpr std::size_t kGroup = 8;
// Digits after the point. With the one before it they make a number that a double holds.
constexpr std::size_t kGroupDigits = 14;

constexpr std::size_t kFloatPower = 10;  // of ten, the largest that a float holds

/// For each number of digits after the point: where the digits of a number lie that begins with one
/// digit and a point, so that they end at the last byte; and what to divide them by.
struct Shape {
  alignas(16) std::array<std::uint8_t, 16> from{};
  double power = 1;
};
constexpr std::array<Shape, 16> make_shapes() {
  constexpr std::uint8_t kZero = 0x80;
  std::array<Shape, 16> shapes{};
  double power = 1;
  for (std::size_t count = 0; count < shapes.size(); ++count, power *= 10) {
    shapes[count].from.fill(kZero);
    if (count < 1 || count > kGroupDigits) continue;
    for (std::size_t k = 0; k < count; ++k)
      shapes[count].from[15 - k] = static_cast<std::uint8_t>(1 + count - k);
    shapes[count].from[15 - count] = 0;
    shapes[count].power = power;
  }
  return shapes;
}
constexpr std::array<Shape, 16> kShapes = make_shapes();

/// A number of one digit, a point and some digits, so far as scalar instructions look at it.
struct Field {
  const char* digits;
  const Shape* shape;
  std::uint32_t sign;
};

__attribute__((target("avx2"))) inline __m256i load_pair(const void* low, const void* high) {
  return _mm256_inserti128_si256(
      _mm256_castsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(low))),
      _mm_loadu_si128(static_cast<const __m128i*>(high)), 1);
}

/// (upper * 10^8 + lower) / powers as the nearest floats; false where that is in doubt.
__attribute__((target("avx2"))) inline bool divide_four(__m128i upper, __m128i lower,
                                                        __m256d powers, float* values) {
  const __m256d mantissa = _mm256_add_pd(
      _mm256_mul_pd(_mm256_cvtepi32_pd(upper), _mm256_set1_pd(1e8)), _mm256_cvtepi32_pd(lower));
  // All of that is exact, so that the quotient is the nearest double. Rounding it once more is
  // wrong only if it has become a boundary, half-way between two floats, by the first rounding.
  const __m256d quotient = _mm256_div_pd(mantissa, powers);
  const __m256i below_float = _mm256_and_si256(_mm256_castpd_si256(quotient),
                                               _mm256_set1_epi64x((std::int64_t{1} << 29) - 1));
  const __m256i doubt = _mm256_cmpeq_epi64(below_float, _mm256_set1_epi64x(std::int64_t{1} << 28));
  _mm_storeu_ps(values, _mm256_cvtpd_ps(quotient));
  return _mm256_testz_si256(doubt, doubt) != 0;
}

/// Eight numbers of one digit, a point and up to kGroupDigits digits. False, and perhaps nonsense
/// in `values`, if one of them is not. 16 bytes are readable from each on.
__attribute__((target("avx2"))) inline bool parse_eight(const char* number, const char* const* ends,
                                                        float* values) {
  Field fields[kGroup];
  std::uint64_t odd = 0;
  bool long_ones = false;
  for (std::size_t i = 0; i < kGroup; ++i) {
    const std::uint32_t negative = *number == '-' ? 1 : 0;
    number += negative;
    const auto count = static_cast<std::uint64_t>(ends[i] - number - 2);
    odd |= static_cast<std::uint64_t>(count - 1 >= kGroupDigits) |
           static_cast<std::uint64_t>(number[1] ^ '.');
    long_ones |= count > kFloatPower;
    fields[i] = {number, &kShapes[count & 15], negative << 31U};
    number = ends[i] + 1;
  }
  if (odd != 0) return false;

  // Four digits of a number in each 32 bits; number i shares a register with number i + 4, so that
  // all come out in their order.
  const __m256i zero = _mm256_set1_epi8('0'), tens = _mm256_set1_epi16(0x010a),
                hundreds = _mm256_set1_epi32(0x00010064);
  __m256i largest = _mm256_setzero_si256();
  __m256i quads[4];
  for (std::size_t i = 0; i < 4; ++i) {
    const __m256i text = load_pair(fields[i].digits, fields[i + 4].digits);
    const __m256i places =
        load_pair(fields[i].shape->from.data(), fields[i + 4].shape->from.data());
    const __m256i digits = _mm256_shuffle_epi8(_mm256_sub_epi8(text, zero), places);
    largest = _mm256_max_epu8(largest, digits);
    quads[i] = _mm256_madd_epi16(_mm256_maddubs_epi16(digits, tens), hundreds);
  }
  const __m256i nine = _mm256_set1_epi8(9);
  const __m256i all_digits = _mm256_cmpeq_epi8(_mm256_max_epu8(largest, nine), nine);
  if (_mm256_movemask_epi8(all_digits) != -1) return false;
  const __m256i thousands = _mm256_set1_epi32(0x00012710);
  const __m256 first =
      _mm256_castsi256_ps(_mm256_madd_epi16(_mm256_packus_epi32(quads[0], quads[1]), thousands));
  const __m256 second =
      _mm256_castsi256_ps(_mm256_madd_epi16(_mm256_packus_epi32(quads[2], quads[3]), thousands));
  const __m256i upper = _mm256_castps_si256(_mm256_shuffle_ps(first, second, 0x88));
  const __m256i lower = _mm256_castps_si256(_mm256_shuffle_ps(first, second, 0xdd));
  const __m256d low_powers = _mm256_setr_pd(fields[0].shape->power, fields[1].shape->power,
                                            fields[2].shape->power, fields[3].shape->power);
  const __m256d high_powers = _mm256_setr_pd(fields[4].shape->power, fields[5].shape->power,
                                             fields[6].shape->power, fields[7].shape->power);
  const __m256i above =
      _mm256_or_si256(upper, _mm256_cmpgt_epi32(lower, _mm256_set1_epi32(kExactFloat)));
  if (!long_ones && _mm256_testz_si256(above, above) != 0) {
    // Digits and powers are exact as floats, too.
    const __m256 powers = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm256_cvtpd_ps(low_powers)),
                                               _mm256_cvtpd_ps(high_powers), 1);
    _mm256_storeu_ps(values, _mm256_div_ps(_mm256_cvtepi32_ps(lower), powers));
  } else if (!divide_four(_mm256_castsi256_si128(upper), _mm256_castsi256_si128(lower), low_powers,
                          values) ||
             !divide_four(_mm256_extracti128_si256(upper, 1), _mm256_extracti128_si256(lower, 1),
                          high_powers, values + 4)) {
    return false;
  }
  const auto sign = [&](std::size_t i) { return static_cast<int>(fields[i].sign); };
  const __m256i signs =
      _mm256_setr_epi32(sign(0), sign(1), sign(2), sign(3), sign(4), sign(5), sign(6), sign(7));
  _mm256_storeu_ps(values, _mm256_or_ps(_mm256_loadu_ps(values), _mm256_castsi256_ps(signs)));
  return true;
}

/// Reads as many numbers, in groups of eight while they are of the usual shape. Returns how many
/// were read.
__attribute__((target("avx2"))) std::size_t parse_groups(const char* number,
                                                         const char* const* ends, std::size_t count,
                                                         float* values) {
  std::size_t done = 0;
  for (; done + kGroup <= count; done += kGroup) {
    if (!parse_eight(number, ends + done, values + done)) break;
    number = ends[done + kGroup - 1] + 1;
  }
  return done;
}

/// parse_floats for numbers with single blanks or tabs before them and nothing after them, and for
/// memory that is readable for kBlock characters after `end`. Finding the ends of many numbers
/// first lets the processor work on several at a time.
bool parse_single_spaced(const char* begin, const char* end, float* values, std::ptrdiff_t count) {
  if (begin == end || !is_blank(*begin)) return false;
  static const bool wide = detect_cpu().avx2;
  const float* values_end = values + count;
  const char* number = begin + 1;
  const char* ends[kWindow];
  for (const char* window = number; window < end; window += kWindow) {
    const std::size_t found = find_field_ends(window, std::min(window + kWindow, end), ends);
    if (static_cast<std::ptrdiff_t>(found) > values_end - values) return false;
    for (std::size_t i = 0; i < found;) {
      if (wide) {
        const std::size_t read = parse_groups(number, ends + i, found - i, values);
        values += read;
        i += read;
        if (read > 0) number = ends[i - 1] + 1;
      }
      // A group with a number of another shape, or what is left.
      for (const std::size_t stop = std::min(i + kGroup, found); i < stop; ++i) {
        if (!parse_field(number, ends[i], *values++)) return false;
        number = ends[i] + 1;
      }
    }
  }
  return values + 1 == values_end && number < end && parse_field(number, end, *values);
}

#endif

}  // namespace

const char* parse_float(const char* begin, const char* end, const char* readable, float& value) {
  if constexpr (std::endian::native == std::endian::little) {
    if (readable - begin >= kReach) {
      const char* parsed = parse_usual(begin, value);
      if (parsed != nullptr && parsed <= end) return parsed;
    }
  }
  return parse_any(begin, end, value);
}

bool parse_floats(const char* begin, const char* end, const char* readable, float* values,
                  std::ptrdiff_t count) {
#ifdef XALIGN_SINGLE_SPACED
  if (readable - end >= kBlock && parse_single_spaced(begin, end, values, count)) return true;
#endif
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const char* number = begin;
    while (number != end && is_blank(*number)) ++number;
    if (number == begin || number == end) return false;
    begin = parse_float(number, end, readable, values[i]);
    if (begin == nullptr || !std::isfinite(values[i])) return false;
  }
  while (begin != end && is_blank(*begin)) ++begin;
  return begin == end;
}

}  // namespace xalign
