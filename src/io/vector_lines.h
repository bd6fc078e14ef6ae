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

/// Parses every line into a row of its own, from `first_row` on, on all threads. `vectors` grows
/// where it has too few rows.
std::vector<ParsedLine> parse_lines(std::string_view lines, const RowLayout& layout,
                                    Matrix& vectors, Eigen::Index first_row);

}  // namespace xalign
