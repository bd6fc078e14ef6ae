#include "io/decimal.h"
#include "io/lexicon_lines.h"
#include "io/output_file.h"
#include "io/text_input.h"

#include <xalign/error.h>
#include <xalign/lexicon_io.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

constexpr std::size_t kFirstBlock = std::size_t{1} << 16;
// Phrases have blanks, but not so many.
constexpr std::size_t kManyColumns = 30;

std::string_view without_line_end(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n' || line.back() == ' '))
    line.remove_suffix(1);
  return line;
}

/// Published dictionaries translate words like "#the", so that not every "#" begins a comment.
bool is_comment(std::string_view line) {
  return line.starts_with("# ") ||
         (line.starts_with('#') && line.find('\t') == std::string_view::npos);
}

/// The lines that hold entries; the rest is counted.
std::vector<LexiconLine> entry_lines(std::string_view text, LexiconReadReport& report) {
  std::vector<LexiconLine> lines;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = without_line_end(text.substr(0, length));
    text.remove_prefix(length);
    ++report.lines;
    if (is_comment(line) || line.find_first_not_of(" \t") == std::string_view::npos)
      ++report.comments;
    else
      lines.push_back({report.lines, line});
  }
  return lines;
}

class EntryParser {
 public:
  EntryParser(std::string name, char separator, const LexiconReadOptions& options,
              LexiconReadReport& report)
      : name_(std::move(name)), separator_(separator), options_(options), report_(report) {}

  LexiconEntry parse(const LexiconLine& line) {
    auto columns = split_columns(line.text, separator_);
    if (separator_ == '\t')  // blanks at line ends are harmless, tabs are too
      while (columns.size() > 2 && columns.back().empty()) columns.pop_back();
    if (columns.empty()) fail(line, "quotes that do not end or text after them", "CSV columns");
    if (columns.size() < 2)
      fail(line, fmt::format("one column, '{}'", printable(line.text)), kExpected,
           remedy_for_one_column(line.text));
    if (columns.size() > 3)
      fail(line, fmt::format("{} columns", columns.size()), kExpected,
           separator_ == ' ' ? "separate phrases by a tab" : "remove the others");
    LexiconEntry entry{std::move(columns[0]), std::move(columns[1])};
    if (entry.source.empty() || entry.target.empty())
      fail(line, "an empty word", kExpected, "remove the line or give the word");
    if (columns.size() == 3 && !options_.ignore_weights) {
      entry.weight = parse_weight(columns[2], line);
      report_.weights = true;
    }
    if (!is_utf8(entry.source) || !is_utf8(entry.target)) {
      if (options_.strict)
        fail(line, fmt::format("'{}' is not UTF-8", printable(line.text)), "UTF-8",
             "mend it, or read without --strict");
      if (report_.bad_utf8++ == 0) report_.first_bad_utf8 = line.number;
    }
    return entry;
  }

 private:
  static constexpr std::string_view kExpected = "source, target and perhaps a weight";

  std::string_view remedy_for_one_column(std::string_view text) const {
    if (separator_ == '\t') return "other lines have tabs, this one has none";
    if (text.find(',') != std::string_view::npos) return "commas count only if all lines have one";
    return "give the translation, or remove the line";
  }

  float parse_weight(const std::string& text, const LexiconLine& line) const {
    float weight = 0;
    const char* end = text.data() + text.size();
    if (parse_float(text.data(), end, end, weight) != end)
      fail(line, fmt::format("'{}' in the third column", printable(text)), "a weight",
           separator_ == ' ' ? "separate phrases by a tab"
                             : "remove the column, or leave it unread with --ignore-weights");
    if (!(weight > 0) || !std::isfinite(weight))
      fail(line, fmt::format("weight {}", text), "a positive number",
           "remove the line or mend the weight, or use --ignore-weights");
    return weight;
  }

  [[noreturn]] void fail(const LexiconLine& line, std::string_view found, std::string_view expected,
                         std::string_view remedy = {}) const {
    throw Error(ErrorKind::data, fmt::format("{}:{}", name_, line.number), found, expected, remedy);
  }

  std::string name_;
  char separator_;
  LexiconReadOptions options_;
  LexiconReadReport& report_;
};

/// Judges the first lines before a file that is something else is read as a whole: whatever
/// separates the columns, there must be two or three.
void check_beginning(const std::string& name, std::string_view text) {
  const auto fits = [](const LexiconLine& line, char separator) {
    std::size_t columns = split_columns(line.text, separator).size();
    return columns >= 2 && columns <= 3;
  };
  LexiconReadReport report;
  for (const LexiconLine& line : entry_lines(text, report)) {
    const std::string where = fmt::format("{}:{}", name, line.number);
    if (line.text.find('\t') == std::string_view::npos && !fits(line, ' ') && !fits(line, ',') &&
        split_columns(line.text, ' ').size() > kManyColumns)
      throw Error(ErrorKind::data, where,
                  fmt::format("{} columns", split_columns(line.text, ' ').size()),
                  "source, target and perhaps a weight", "is this the right file?");
  }
}

}  // namespace

LexiconReadResult read_lexicon(const std::string& path, const LexiconReadOptions& options) {
  const auto input = TextInput::open(path);
  std::string text(input->next_lines(kFirstBlock));
  check_beginning(input->name(), text);
  text += input->rest();
  LexiconReadResult result;
  const auto lines = entry_lines(text, result.report);
  if (lines.empty())
    throw Error(ErrorKind::data, input->name(), "no entries", "lines of source and target words",
                "is this the right file?");
  result.report.separator = find_separator(lines);
  EntryParser parser(input->name(), result.report.separator, options, result.report);
  for (const LexiconLine& line : lines) result.lexicon.push_back(parser.parse(line));
  return result;
}

namespace {

void check_column(const std::string& path, std::string_view word) {
  if (word.empty() || word.find_first_of("\t\n\r") != std::string_view::npos)
    throw Error(
        ErrorKind::data, path,
        word.empty() ? std::string("an empty word") : fmt::format("the word '{}'", printable(word)),
        "words without tabs and line ends", "rename it");
}

void write_entries(const std::string& path, const Lexicon& lexicon, OutputFile& out) {
  const bool weighted = std::any_of(lexicon.begin(), lexicon.end(),
                                    [](const LexiconEntry& entry) { return entry.weight != 1; });
  for (const LexiconEntry& entry : lexicon) {
    check_column(path, entry.source);
    if (is_comment(entry.source + '\t'))
      throw Error(ErrorKind::data, path, fmt::format("the word '{}'", printable(entry.source)),
                  "no comment", "rename it");
    check_column(path, entry.target);
    out.write(weighted ? fmt::format("{}\t{}\t{}\n", entry.source, entry.target, entry.weight)
                       : fmt::format("{}\t{}\n", entry.source, entry.target));
  }
}

}  // namespace

void write_lexicon(const std::string& path, const Lexicon& lexicon) {
  OutputFile out(path);
  write_entries(path, lexicon, out);
  out.close();
}

void write_lexicons(const std::string& first_path, const Lexicon& first,
                    const std::string& second_path, const Lexicon& second) {
  OutputFile first_out(first_path), second_out(second_path);
  write_entries(first_path, first, first_out);
  write_entries(second_path, second, second_out);
  first_out.finish();
  second_out.finish();
  first_out.commit();
  second_out.commit();
}

}  // namespace xalign
