#include "io/format_float.h"

#include <charconv>
#include <cmath>
#include <cstdint>

namespace xalign {
namespace {

constexpr double kPowers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
constexpr double kLargestExact = 9007199254740992.0;  // 2^53

}  // namespace

char* format_shortest(char* out, float value) {
  return std::to_chars(out, out + kLongestFloat, value).ptr;
}

char* format_fixed(char* out, float value, int precision) {
  // 24 bits of a float times at most 21 bits of 5^9: the product is exact in double.
  const double scaled = std::abs(static_cast<double>(value)) * kPowers[precision];
  if (!(scaled < kLargestExact))
    return std::to_chars(out, out + kLongestFloat, value, std::chars_format::fixed, precision).ptr;
  auto digits = static_cast<std::uint64_t>(std::nearbyint(scaled));
  if (std::signbit(value)) *out++ = '-';
  char reversed[24];
  int length = 0;
  for (; length <= precision || digits > 0; ++length) {
    if (length == precision && precision > 0) reversed[length++] = '.';
    reversed[length] = static_cast<char>('0' + digits % 10);
    digits /= 10;
  }
  while (length > 0) *out++ = reversed[--length];
  return out;
}

}  // namespace xalign
