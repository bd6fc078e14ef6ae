#include "io/vector_lines.h"

#include "core/parallel_for.h"

#include <algorithm>

namespace xalign {
namespace {

// Parsed by one thread at a time.
constexpr std::size_t kSegment = std::size_t{128} << 10;

/// The lines that begin in some part of `lines`; the last one may end behind it.
std::vector<std::string_view> lines_beginning_in(std::string_view lines, std::size_t begin,
                                                 std::size_t length) {
  std::vector<std::string_view> found;
  const std::size_t end = begin + length;
  // A line begins after a line end; the part may begin in the middle of a line.
  if (begin > 0) begin = std::min(lines.find('\n', begin - 1), lines.size() - 1) + 1;
  while (begin < end) {
    const std::size_t next = std::min(lines.find('\n', begin), lines.size() - 1) + 1;
    found.push_back(lines.substr(begin, next - begin));
    begin = next;
  }
  return found;
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

namespace {

/// Lines before the first that is too short for a letter, and a blank and a digit per number.
std::size_t count_plausible(const std::vector<std::vector<std::string_view>>& lines_of,
                            const RowLayout& layout) {
  const auto shortest = static_cast<std::size_t>(1 + 2 * layout.dimension);
  std::size_t count = 0;
  for (const auto& some : lines_of)
    for (const std::string_view line : some) {
      if (line.size() < shortest) return count;
      ++count;
    }
  return count;
}

}  // namespace

std::vector<ParsedLine> parse_lines(std::string_view lines, const RowLayout& layout,
                                    Matrix& vectors, Eigen::Index first_row) {
  const Blocks segments{lines.size(), kSegment};
  std::vector<std::vector<std::string_view>> lines_of(segments.count());
  parallel_for(segments.count(), [&](std::size_t i) {
    lines_of[i] = lines_beginning_in(lines, segments.begin(i), segments.length(i));
  });
  std::vector<std::size_t> begins(1, 0);
  for (const auto& some : lines_of) begins.push_back(begins.back() + some.size());

  std::vector<ParsedLine> parsed(begins.back());
  // No line after one that is too short for a row matters, so no memory is taken for them.
  const std::size_t plausible = count_plausible(lines_of, layout);
  const Eigen::Index rows = first_row + static_cast<Eigen::Index>(plausible);
  if (vectors.rows() < rows) vectors.conservativeResize(rows, layout.dimension);
  const char* readable = lines.data() + lines.size();
  parallel_for(segments.count(), [&](std::size_t i) {
    std::size_t at = begins[i];
    for (const std::string_view text : lines_of[i]) {
      ParsedLine& line = parsed[at];
      line.text = trim_line(text);
      if (at >= plausible) {
        ++at;
        continue;
      }
      auto row = vectors.row(first_row + static_cast<Eigen::Index>(at));
      line.good = parse_row(line.text, layout, readable, line.word, row.data());
      line.zero = line.good && (row.array() == 0).all();
      ++at;
    }
  });
  return parsed;
}

}  // namespace xalign
