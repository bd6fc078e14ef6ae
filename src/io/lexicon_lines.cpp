#include "io/lexicon_lines.h"

#include <algorithm>

namespace xalign {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::vector<std::string> split_at_tabs(std::string_view line) {
  std::vector<std::string> columns;
  for (;;) {
    const std::size_t tab = line.find('\t');
    columns.emplace_back(trim(line.substr(0, tab)));
    if (tab == std::string_view::npos) return columns;
    line.remove_prefix(tab + 1);
  }
}

std::vector<std::string> split_at_blanks(std::string_view line) {
  std::vector<std::string> columns;
  while (!(line = trim(line)).empty()) {
    const std::size_t length = std::min(line.find(' '), line.size());
    columns.emplace_back(line.substr(0, length));
    line.remove_prefix(length);
  }
  return columns;
}

std::vector<std::string> split_csv(std::string_view line) {
  std::vector<std::string> columns;
  for (;;) {
    line = trim(line);
    std::string column;
    if (line.starts_with('"')) {
      line.remove_prefix(1);
      for (;;) {
        const std::size_t quote = line.find('"');
        if (quote == std::string_view::npos) return {};
        column += line.substr(0, quote);
        line.remove_prefix(quote + 1);
        if (!line.starts_with('"')) break;
        column += '"';  // a doubled quote stands for one
        line.remove_prefix(1);
      }
      line = trim(line);
      if (!line.empty() && line.front() != ',') return {};
    } else {
      const std::size_t comma = std::min(line.find(','), line.size());
      column = trim(line.substr(0, comma));
      line.remove_prefix(comma);
    }
    columns.push_back(std::move(column));
    if (line.empty()) return columns;
    line.remove_prefix(1);
  }
}

}  // namespace

char find_separator(const std::vector<LexiconLine>& lines) {
  const auto has = [](char c) {
    return [c](const LexiconLine& line) { return line.text.find(c) != std::string_view::npos; };
  };
  if (std::any_of(lines.begin(), lines.end(), has('\t'))) return '\t';
  const bool csv = std::all_of(lines.begin(), lines.end(), [](const LexiconLine& line) {
    return line.text.find(',') != std::string_view::npos && split_csv(line.text).size() != 1;
  });
  return csv ? ',' : ' ';
}

std::vector<std::string> split_columns(std::string_view line, char separator) {
  switch (separator) {
    case '\t':
      return split_at_tabs(line);
    case ',':
      return split_csv(line);
    default:
      return split_at_blanks(line);
  }
}

}  // namespace xalign
