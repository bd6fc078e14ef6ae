#include "io/vector_row.h"

#include "io/decimal.h"

#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace xalign {
namespace {

constexpr std::string_view kBlanks = " \t";

/// Takes the first field off `text`; empty when there is none.
std::string_view take_field(std::string_view& text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  const std::size_t end = std::min(text.find_first_of(kBlanks, begin), text.size());
  const std::string_view field = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return field;
}

bool is_number(std::string_view field, float& value) {
  const char* end = field.data() + field.size();
  return parse_float(field.data(), end, end, value) == end;
}

/// Control characters that no text has.
bool is_binary(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x07 || (byte >= 0x0e && byte <= 0x1a);
}

std::string describe_word(std::string_view word) {
  return fmt::format("'{}'", printable(word));
}

}  // namespace

std::string_view trim_line(std::string_view line) {
  while (!line.empty() &&
         (line.back() == ' ' || line.back() == '\t' || line.back() == '\r' || line.back() == '\n'))
    line.remove_suffix(1);
  return line;
}

char find_separator(std::string_view line) {
  const std::size_t blank = std::min(line.find(' '), line.size()), tab = line.find('\t');
  if (tab == std::string_view::npos) return ' ';
  std::string_view rest = line.substr(blank);
  float value = 0;
  return blank < tab && is_number(take_field(rest), value) ? ' ' : '\t';
}

std::string_view word_of(std::string_view line, const RowLayout& layout) {
  return line.substr(0, line.find(layout.separator));
}

bool parse_row(std::string_view line, const RowLayout& layout, const char* readable,
               std::string_view& word, float* values) {
  word = word_of(line, layout);
  return !word.empty() && parse_floats(word.data() + word.size(), line.data() + line.size(),
                                       readable, values, layout.dimension);
}

std::ptrdiff_t count_numbers(std::string_view line) {
  line = trim_line(line);
  RowLayout layout{.separator = find_separator(line)};
  std::string_view word = word_of(line, layout);
  layout.dimension = count_fields(line.substr(word.size()));
  std::vector<float> values(static_cast<std::size_t>(layout.dimension));
  const bool good = parse_row(line, layout, line.data() + line.size(), word, values.data());
  return good ? layout.dimension : 0;
}

std::ptrdiff_t count_fields(std::string_view text) {
  std::ptrdiff_t count = 0;
  while (!take_field(text).empty()) ++count;
  return count;
}

Error explain_row(std::string_view line, const RowLayout& layout, const std::string& where) {
  const std::string source = layout.from_header ? "as the header says" : "as in the first row";
  const std::string row = layout.dimension < 1 ? "a word and its numbers"
                          : layout.dimension == 1
                              ? "a word and 1 number"
                              : fmt::format("a word and {} numbers", layout.dimension);
  const auto fail = [&](const std::string& found, const std::string& expected,
                        std::string_view remedy) {
    return Error(ErrorKind::data, where, found, expected, remedy);
  };
  if (std::any_of(line.begin(), line.end(), is_binary))
    return fail("what looks like a binary file", "text",
                "get the file again, or name its format with --format");
  if (line.empty()) return fail("an empty line", row, "remove it, or restore what it held");
  const std::string_view word = word_of(line, layout);
  if (word.empty())
    return fail("a row that begins with a separator", row, "give the word, or remove the row");

  std::string_view rest = line.substr(word.size());
  const std::ptrdiff_t numbers = count_fields(rest);
  for (std::ptrdiff_t i = 1; i <= numbers; ++i) {
    const std::string_view field = take_field(rest);
    float value = 0;
    if (!is_number(field, value)) {
      const bool blank_in_word = numbers > layout.dimension;
      return fail(
          fmt::format("'{}' in place of number {} of {}", printable(field), i, describe_word(word)),
          row, blank_in_word ? "join words that hold blanks, e.g. by '_'" : "is the row damaged?");
    }
    if (std::isfinite(value)) continue;
    const bool spelled_out = field.find_first_of("0123456789") == std::string_view::npos;
    return fail(fmt::format("number {} of {} is {}", i, describe_word(word), printable(field)),
                spelled_out ? "finite numbers" : "numbers that fit into 32-bit floats",
                "remove the row or mend the number");
  }
  return fail(
      fmt::format("{} number{} after {}", numbers, numbers == 1 ? "" : "s", describe_word(word)),
      fmt::format("{}, {}", layout.dimension, source),
      numbers < layout.dimension ? "is the row cut short?" : "does the word hold blanks?");
}

}  // namespace xalign
