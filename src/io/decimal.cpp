#include "io/decimal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace xalign {
namespace {

// Numbers of the usual shape are read eight characters at a time; `kReach` is the furthest a load
// goes: sign, seven digits, point, eight digits, and a load of eight that finds the end.
constexpr std::ptrdiff_t kReach = 1 + 7 + 1 + 8 + 8;
constexpr int kLargestExponent = 22;
constexpr std::uint64_t kExactDouble = std::uint64_t{1} << 53;

constexpr std::array<std::uint64_t, 9> kPowers = {1,      10,      100,      1000,     10000,
                                                  100000, 1000000, 10000000, 100000000};
constexpr std::array<double, kLargestExponent + 1> kNegativePowers = {
    1e-0,  1e-1,  1e-2,  1e-3,  1e-4,  1e-5,  1e-6,  1e-7,  1e-8,  1e-9,  1e-10, 1e-11,
    1e-12, 1e-13, 1e-14, 1e-15, 1e-16, 1e-17, 1e-18, 1e-19, 1e-20, 1e-21, 1e-22};

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// Up to eight digits at the beginning of some text.
struct Digits {
  unsigned count;
  std::uint64_t value;
};

inline Digits read_digits(const char* text) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, sizeof bytes);
  bytes ^= 0x3030303030303030u;  // digits become 0 to 9
  // Adding 0x76 carries into the top bit from 10 upwards. A carry out of a byte only reaches later
  // characters, and only the first one that is no digit matters.
  const std::uint64_t others = ((bytes + 0x7676767676767676u) | bytes) & 0x8080808080808080u;
  const unsigned count = static_cast<unsigned>(std::countr_zero(others)) / 8;
  if (count == 0) return {0, 0};
  bytes <<= 64 - 8 * count;  // zeros in front
  // The first character lies in the lowest byte. Join neighbours: 8 numbers below 10 become 4 below
  // 100, 2 below 10000, 1 below 10^8.
  bytes = (bytes * 10 + (bytes >> 8)) & 0x00ff00ff00ff00ffu;
  bytes = (bytes * 100 + (bytes >> 16)) & 0x0000ffff0000ffffu;
  return {count, (bytes * 10000 + (bytes >> 32)) & 0xffffffffu};
}

/// mantissa * 10^-exponent as the nearest float. False where the last bit is in doubt.
inline bool scale(std::uint64_t mantissa, int exponent, float& value) {
  if (mantissa > kExactDouble || exponent < 0 || exponent > kLargestExponent) return false;
  // Power and product are off by half a unit in the last place each at most. Rounding to float
  // decides the same as for the true value unless a boundary, half-way between two floats, is near.
  const double product = static_cast<double>(mantissa) * kNegativePowers[exponent];
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 28;
  constexpr std::uint64_t kDoubt = 8;
  const std::uint64_t below_float = std::bit_cast<std::uint64_t>(product) & (2 * kHalf - 1);
  if (below_float - (kHalf - kDoubt) <= 2 * kDoubt) return false;
  value = static_cast<float>(product);
  return true;
}

/// The usual shapes: up to 7 digits, a point, up to 15 digits, a small exponent. `text` is readable
/// for kReach + 4 characters. Nullptr for any other shape and where rounding is in doubt.
inline const char* parse_usual(const char* text, float& value) {
  const bool negative = *text == '-';
  text += negative ? 1 : 0;
  const Digits whole = read_digits(text);
  if (whole.count == 0 || whole.count == 8) return nullptr;
  std::uint64_t mantissa = whole.value;
  int exponent = 0;
  text += whole.count;
  if (*text == '.') {
    ++text;
    const Digits first = read_digits(text);
    mantissa = mantissa * kPowers[first.count] + first.value;
    exponent = static_cast<int>(first.count);
    text += first.count;
    if (first.count == 8) {
      const Digits second = read_digits(text);
      // At most 7 + 8 + 4 digits fit into 64 bits.
      if (whole.count + second.count > 11 || second.count == 8) return nullptr;
      mantissa = mantissa * kPowers[second.count] + second.value;
      exponent += static_cast<int>(second.count);
      text += second.count;
    }
  }
  if ((*text | 0x20) == 'e') {
    ++text;
    const bool below_one = *text == '-';
    if (*text == '-' || *text == '+') ++text;
    int power = 0;
    int digits = 0;
    for (; digits < 2 && *text >= '0' && *text <= '9'; ++digits) power = power * 10 + *text++ - '0';
    if (digits == 0 || (*text >= '0' && *text <= '9')) return nullptr;
    exponent += below_one ? power : -power;
  }
  if (!scale(mantissa, exponent, value)) return nullptr;
  if (negative) value = -value;
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

}  // namespace

const char* parse_float(const char* begin, const char* end, const char* readable, float& value) {
  if constexpr (std::endian::native == std::endian::little) {
    if (readable - begin > kReach + 4) {
      const char* parsed = parse_usual(begin, value);
      if (parsed != nullptr && parsed <= end) return parsed;
    }
  }
  return parse_any(begin, end, value);
}

bool parse_floats(const char* begin, const char* end, const char* readable, float* values,
                  std::ptrdiff_t count) {
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
