#include "io/lexicon_lines.h"
#include "io/text_input.h"

#include <xalign/error.h>
#include <xalign/gold_io.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace xalign {
namespace {

/// A file as lines that are not empty, in UTF-8.
struct GoldFile {
  std::string name;
  std::string text;
  std::vector<LexiconLine> lines;

  explicit GoldFile(const std::string& path) {
    const auto input = TextInput::open(path);
    name = input->name();
    text = input->rest();
    std::uint64_t number = 0;
    for (std::string_view rest = text; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(end);
      ++number;
      line = line.substr(0, line.find_last_not_of(" \t\r\n") + 1);
      if (line.empty()) continue;
      lines.push_back({number, line});
      if (!is_utf8(line))
        fail(lines.back(), fmt::format("'{}' is not UTF-8", printable(line)), "UTF-8",
             "convert it, e.g. iconv -f LATIN1 -t UTF-8");
    }
  }

  [[noreturn]] void fail(const LexiconLine& line, std::string_view found, std::string_view expected,
                         std::string_view remedy = {}) const {
    throw Error(ErrorKind::data, fmt::format("{}:{}", name, line.number), found, expected, remedy);
  }
  [[noreturn]] void fail_empty(std::string_view expected) const {
    throw Error(ErrorKind::data, name, "no entries", expected, "is this the right file?");
  }
};

bool is_comment(std::string_view line) {
  return line.starts_with("# ") ||
         (line.starts_with('#') && line.find('\t') == std::string_view::npos);
}

std::optional<double> parse_number(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
  const auto [stop, error] = std::from_chars(begin, end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

/// Whether a column was meant for a number, be it a bad one: "7,5", "-.3x".
bool begins_as_number(std::string_view text) {
  const std::size_t digit = std::min(text.find_first_not_of("+-.,"), text.size());
  return digit < text.size() && text[digit] >= '0' && text[digit] <= '9';
}

void check_words(const GoldFile& file, const LexiconLine& line,
                 const std::vector<std::string>& words) {
  for (const std::string& word : words)
    if (word.empty())
      file.fail(line, "an empty word", "words in all columns", "remove the line or give the word");
}

std::string count_columns(std::size_t count) {
  return count == 1 ? "one column" : fmt::format("{} columns", count);
}

}  // namespace

std::vector<SimilarityPair> read_similarity(const std::string& path) {
  constexpr std::string_view kExpected = "two words and a score";
  GoldFile file(path);
  std::erase_if(file.lines, [](const LexiconLine& line) { return is_comment(line.text); });
  const char separator = find_separator(file.lines);
  std::vector<SimilarityPair> pairs;
  for (const LexiconLine& line : file.lines) {
    const bool first_line = &line == &file.lines.front();
    const auto columns = split_columns(line.text, separator);
    if (columns.empty())
      file.fail(line, "quotes that do not end or text after them", "CSV columns",
                "mend the quotes or use tabs");
    if (columns.size() < 3)
      file.fail(line, fmt::format("{}, '{}'", count_columns(columns.size()), printable(line.text)),
                kExpected, "give both words and the score, or remove the line");
    // The score is the first number behind the words; a name beside it is the group.
    const std::size_t width = std::min<std::size_t>(columns.size(), 4);
    std::size_t at = 2;
    while (at < width && !parse_number(columns[at])) ++at;
    if (at == width) {
      const bool header =
          first_line && file.lines.size() > 1 &&
          std::none_of(columns.begin() + 2, columns.begin() + static_cast<std::ptrdiff_t>(width),
                       begins_as_number);
      if (header) continue;
      file.fail(line, fmt::format("'{}' in the third column", printable(columns[2])), "a score",
                separator == ' ' ? "separate phrases by a tab" : "mend or remove the line");
    }
    check_words(file, line, {columns[0], columns[1]});
    SimilarityPair pair{columns[0], columns[1], *parse_number(columns[at]), {}};
    if (!std::isfinite(pair.score))
      file.fail(line, fmt::format("score {}", columns[at]), "a finite number",
                "mend or remove the line");
    for (std::size_t i = 2; i < width; ++i)
      if (i != at && pair.group.empty() && !parse_number(columns[i])) pair.group = columns[i];
    pairs.push_back(std::move(pair));
  }
  if (pairs.empty()) file.fail_empty("lines of two words and a score");
  return pairs;
}

AnalogySet read_analogies(const std::string& path) {
  const GoldFile file(path);
  std::vector<std::string> names = {"all"};
  std::vector<AnalogyQuestion> questions;
  for (const LexiconLine& line : file.lines) {
    const char separator = line.text.find('\t') == std::string_view::npos ? ' ' : '\t';
    const bool category = line.text.starts_with(':');
    if (category || is_comment(line.text)) {
      std::string name;
      for (const std::string& part : split_columns(line.text.substr(1), separator))
        if (!part.empty() && !part.starts_with('('))  // counts in parentheses are no name
          name += (name.empty() ? "" : " ") + part;
      if (name.empty()) file.fail(line, "a category without a name", ": NAME", "name it");
      names.push_back(std::move(name));
      continue;
    }
    const auto columns = split_columns(line.text, separator);
    if (columns.size() != 4)
      file.fail(line, fmt::format("{}, '{}'", count_columns(columns.size()), printable(line.text)),
                "four words (a is to b as c is to d), or a category ': NAME'",
                separator == ' ' ? "separate phrases by tabs" : "mend or remove the line");
    if (questions.empty() && columns == std::vector<std::string>{"a1", "a2", "b1", "b2"}) continue;
    check_words(file, line, columns);
    AnalogyQuestion question;
    std::copy(columns.begin(), columns.end(), question.words.begin());
    question.category = static_cast<Index>(names.size() - 1);
    questions.push_back(std::move(question));
  }
  if (questions.empty()) file.fail_empty("lines of four words");

  // A comment without questions, such as a citation, is no category.
  std::vector<Index> places(names.size(), -1);
  AnalogySet set;
  for (AnalogyQuestion& question : questions) {
    const auto was = static_cast<std::size_t>(question.category);
    if (places[was] < 0) {
      places[was] = static_cast<Index>(set.categories.size());
      set.categories.push_back(names[was]);
    }
    question.category = places[was];
  }
  set.questions = std::move(questions);
  return set;
}

LabelSet read_labels(const std::string& path) {
  const GoldFile file(path);
  if (file.lines.empty()) file.fail_empty("lines of a word and its label, or of a label");
  const char separator = find_separator(file.lines);
  LabelSet set;
  std::size_t width = 0;
  for (const LexiconLine& line : file.lines) {
    auto columns = split_columns(line.text, separator);
    if (columns.empty())
      file.fail(line, "quotes that do not end or text after them", "CSV columns",
                "mend the quotes or use tabs");
    if (width == 0) width = columns.size();
    if (columns.size() != width || width > 2)
      file.fail(
          line, count_columns(columns.size()),
          width > 2 ? "a word and its label, or a label" : count_columns(width) + " as before",
          separator == ' ' ? "separate by a tab what has blanks" : "mend or remove the line");
    check_words(file, line, columns);
    if (width == 2) set.words.push_back(std::move(columns.front()));
    set.labels.push_back(std::move(columns.back()));
  }
  return set;
}

}  // namespace xalign
