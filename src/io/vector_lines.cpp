#include "io/vector_lines.h"

#include "core/parallel_for.h"

#include <algorithm>

namespace xalign {
namespace {

// Parsed by one thread at a time.
constexpr std::size_t kSegment = std::size_t{128} << 10;

/// Cuts whole lines into pieces of whole lines.
std::vector<std::string_view> cut(std::string_view lines) {
  std::vector<std::string_view> segments;
  while (!lines.empty()) {
    const std::size_t from = std::min(kSegment, lines.size()) - 1;
    const std::size_t length = std::min(lines.find('\n', from), lines.size() - 1) + 1;
    segments.push_back(lines.substr(0, length));
    lines.remove_prefix(length);
  }
  return segments;
}

}  // namespace

std::string_view take_line(std::string_view& lines) {
  const std::size_t length = std::min(lines.find('\n'), lines.size() - 1) + 1;
  const std::string_view line = lines.substr(0, length);
  lines.remove_prefix(length);
  return line;
}

std::size_t count_lines(std::string_view lines) {
  std::size_t count = 0;
  for (; !lines.empty(); ++count) take_line(lines);
  return count;
}

std::vector<ParsedLine> parse_lines(std::string_view lines, const RowLayout& layout,
                                    Matrix& vectors, Eigen::Index first_row) {
  const auto segments = cut(lines);
  std::vector<std::size_t> begins(segments.size() + 1, 0);
  parallel_for(segments.size(), [&](std::size_t i) { begins[i + 1] = count_lines(segments[i]); });
  for (std::size_t i = 0; i < segments.size(); ++i) begins[i + 1] += begins[i];

  std::vector<ParsedLine> parsed(begins.back());
  vectors.conservativeResize(first_row + static_cast<Eigen::Index>(parsed.size()),
                             layout.dimension);
  const char* readable = lines.data() + lines.size();
  parallel_for(segments.size(), [&](std::size_t i) {
    std::string_view rest = segments[i];
    for (std::size_t at = begins[i]; !rest.empty(); ++at) {
      ParsedLine& line = parsed[at];
      line.text = trim_line(take_line(rest));
      auto row = vectors.row(first_row + static_cast<Eigen::Index>(at));
      line.good = parse_row(line.text, layout, readable, line.word, row.data());
      line.zero = line.good && (row.array() == 0).all();
    }
  });
  return parsed;
}

}  // namespace xalign
