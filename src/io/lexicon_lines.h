#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xalign {

/// A line of a dictionary that holds an entry.
struct LexiconLine {
  std::uint64_t number = 0;  ///< from 1
  std::string_view text;     ///< without line end
};

/// What separates the columns: a tab if any line has one, else a comma if every line is CSV of two
/// columns or more, else blanks (given as ' ').
char find_separator(const std::vector<LexiconLine>& lines);

/// The columns of a line. Tab: as they stand, without blanks around them; comma: RFC 4180 quotes;
/// blank: runs of blanks separate.
/// @return nothing for quotes that do not end
std::vector<std::string> split_columns(std::string_view line, char separator);

}  // namespace xalign
