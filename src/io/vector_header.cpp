#include "io/vector_header.h"

#include <xalign/error.h>
#include <xalign/matrix.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace xalign {
namespace {

bool is_whole_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The largest number there is for one that is larger still.
std::uint64_t parse_count(std::string_view text) {
  std::uint64_t value = std::numeric_limits<std::uint64_t>::max();
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::optional<VectorHeader> parse_header(std::string_view line, const std::string& where) {
  const std::size_t blank = std::min(line.find_first_of(" \t"), line.size());
  const std::size_t second = std::min(line.find_first_not_of(" \t", blank), line.size());
  const std::string_view rows_text = line.substr(0, blank), dimension_text = line.substr(second);
  if (!is_whole_number(rows_text) || !is_whole_number(dimension_text)) return std::nullopt;

  const std::uint64_t rows = parse_count(rows_text), dimension = parse_count(dimension_text);
  if (dimension < 1 || dimension > kLargestDimension)
    throw Error(ErrorKind::data, where,
                fmt::format("a header of dimension {}", printable(dimension_text)),
                fmt::format("1 to {}", kLargestDimension), "correct the first line");
  if (rows < 1 || rows > static_cast<std::uint64_t>(std::numeric_limits<Index>::max()))
    throw Error(ErrorKind::data, where, fmt::format("a header of {} rows", printable(rows_text)),
                fmt::format("1 to {}", std::numeric_limits<Index>::max()),
                "correct the first line");
  return VectorHeader{rows, static_cast<std::ptrdiff_t>(dimension)};
}

}  // namespace xalign
