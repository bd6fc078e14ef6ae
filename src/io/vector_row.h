#pragma once

#include <xalign/error.h>

#include <string>
#include <string_view>

namespace xalign {

/// How the rows of a text file of vectors are laid out.
struct RowLayout {
  std::ptrdiff_t dimension = 0;
  bool from_header = false;  ///< where the dimension comes from, for messages
  char separator = ' ';      ///< ends the word; numbers are separated by blanks or tabs
};

/// A line without its line end and trailing blanks.
std::string_view trim_line(std::string_view line);

/// What ends the words of a file, by its first row: a tab if one stands before the first number
/// (its words may hold blanks), else a blank.
char find_separator(std::string_view line);

/// The word of a row, empty when the line begins with a separator; the whole line when it has none.
std::string_view word_of(std::string_view line, const RowLayout& layout);

/// Reads one trimmed line.
/// @param readable  how far memory may be read, at least the line's end
/// @param values    room for `layout.dimension` numbers
/// @return whether it is a word and exactly as many finite numbers
bool parse_row(std::string_view line, const RowLayout& layout, const char* readable,
               std::string_view& word, float* values);

/// Why `parse_row` said no.
/// @param where  FILE:LINE
Error explain_row(std::string_view line, const RowLayout& layout, const std::string& where);

/// How many numbers a line has behind its word; 0 unless it is a row.
std::ptrdiff_t count_numbers(std::string_view line);

/// Number of fields separated by blanks or tabs.
std::ptrdiff_t count_fields(std::string_view text);

}  // namespace xalign
