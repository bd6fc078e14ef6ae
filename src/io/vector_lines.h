#pragma once

#include "io/vector_row.h"

#include <xalign/matrix.h>

#include <string_view>
#include <vector>

namespace xalign {

/// What became of one line.
struct ParsedLine {
  std::string_view text;  ///< trimmed
  std::string_view word;
  bool good = false;
  bool zero = false;  ///< good, and all numbers are zero
};

/// The first line of `lines` with its line end; removes it from there.
std::string_view take_line(std::string_view& lines);

/// The last one may lack its line end.
std::size_t count_lines(std::string_view lines);

/// Parses every line into a row of its own, on all threads. `vectors` keeps its first `first_row`
/// rows and gets as many more as there are lines, whatever is in them.
std::vector<ParsedLine> parse_lines(std::string_view lines, const RowLayout& layout,
                                    Matrix& vectors, Eigen::Index first_row);

}  // namespace xalign
