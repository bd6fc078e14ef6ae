#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace xalign {

/// Whether `text` is well-formed UTF-8 (no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

/// `text` in lower case by the Unicode rules of no particular language. Bytes that are not UTF-8
/// are left as they are.
std::string to_lower(std::string_view text);

/// `text` made safe to print on one line: control characters and bad UTF-8 become `\xNN`, and what
/// is longer than `max_bytes` is cut with an ellipsis.
std::string printable(std::string_view text, std::size_t max_bytes = 60);

/// Columns that `text` takes up on a terminal: none for combining marks, two for wide characters
/// (Unicode Standard Annex 11), one for any other character and for each byte that is not UTF-8.
std::size_t display_width(std::string_view text);

/// Number of single-character insertions, deletions, substitutions and swaps of neighbours that
/// turn `a` into `b` (optimal string alignment distance, on bytes).
int edit_distance(std::string_view a, std::string_view b);

}  // namespace xalign
