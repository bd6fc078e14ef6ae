#include "io/decimal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

// Every x86-64 has SSE2. Elsewhere the general way does alone.
#ifdef __SSE2__
#define XALIGN_SINGLE_SPACED
#include <emmintrin.h>
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

/// parse_floats for numbers with single blanks or tabs before them and nothing after them, and for
/// memory that is readable for kBlock characters after `end`. Finding the ends of many numbers
/// first lets the processor work on several at a time.
bool parse_single_spaced(const char* begin, const char* end, float* values, std::ptrdiff_t count) {
  if (begin == end || !is_blank(*begin)) return false;
  const float* values_end = values + count;
  const char* number = begin + 1;
  const char* ends[kWindow];
  for (const char* window = number; window < end; window += kWindow) {
    const std::size_t found = find_field_ends(window, std::min(window + kWindow, end), ends);
    if (static_cast<std::ptrdiff_t>(found) > values_end - values) return false;
    for (std::size_t i = 0; i < found; ++i) {
      if (!parse_field(number, ends[i], *values++)) return false;
      number = ends[i] + 1;
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
