#pragma once

#include <cstddef>

namespace xalign {

/// Reads a decimal number ("-0.123", "1.5e-05", "+3", ".5", "nan", "inf") as the nearest float,
/// ties to even; what is too small becomes zero, what is too large infinity. Independent of the
/// locale.
/// @param begin,end  the text; the number ends where it cannot go on
/// @param readable   how far memory may be read, at least `end`
/// @return the end of the number, or nullptr if there is none
const char* parse_float(const char* begin, const char* end, const char* readable, float& value);

/// Reads `count` numbers, each after at least one blank or tab, and up to `end` nothing more.
/// @return whether there were exactly that many, all finite
bool parse_floats(const char* begin, const char* end, const char* readable, float* values,
                  std::ptrdiff_t count);

}  // namespace xalign
