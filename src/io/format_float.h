#pragma once

namespace xalign {

/// Longest text of a finite float: 38 digits before the point, 9 after it, and two signs.
constexpr int kLongestFloat = 64;

/// Writes the fewest digits that read back as the same float. Returns the end.
char* format_shortest(char* out, float value);

/// Writes `precision` (0 to 9) digits after the point, correctly rounded. Returns the end.
char* format_fixed(char* out, float value, int precision);

}  // namespace xalign
