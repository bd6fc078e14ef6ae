#include "io/text_input.h"
#include "io/text_vectors.h"
#include "io/vector_header.h"
#include "io/vector_lines.h"

#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace xalign {
namespace {

// Read to see how a file begins; also the first block, so that a few words cost little.
constexpr std::size_t kFirstBlock = std::size_t{64} << 10;
// Of a row without a header: two columns are rather a word list with counts, or a dictionary.
constexpr Eigen::Index kFewestNumbers = 2;
// Text of numbers shrinks to about two fifths when it is compressed.
constexpr double kCompressionRatio = 2.5;

class TextVectors final : public RowSource {
 public:
  TextVectors(std::unique_ptr<ByteInput> input, const ReadOptions& options);

  std::string where(std::uint64_t place) const override {
    return fmt::format("{}:{}", info_.name, place);
  }
  std::uint64_t certain_rows() const override;
  std::uint64_t bytes_read() const override { return text_.bytes_read(); }
  RowBlock next(Matrix& vectors, Eigen::Index first, std::uint64_t wanted) override;
  bool has_more() override;

 private:
  void look_at_beginning();
  void refill(std::size_t bytes);
  void skip_empty_lines();
  void find_layout(std::string_view line);
  void estimate_rows();
  std::size_t bytes_for(std::uint64_t wanted) const;
  void take_lines(const std::vector<ParsedLine>& lines, Eigen::Index first, RowBlock& block);
  void check_row_count() const;
  Error bad(std::uint64_t line, std::string_view found, std::string_view expected,
            std::string_view remedy) const {
    return Error(ErrorKind::data, where(line), found, expected, remedy);
  }

  TextInput text_;
  VectorFormat forced_;
  std::size_t block_bytes_;
  RowLayout layout_;
  std::string_view pending_;      // lines that were looked at and not yet parsed
  std::uint64_t line_ = 0;        // lines that are done
  std::uint64_t empty_line_ = 0;  // the first empty one, 0 if none
  std::uint64_t text_bytes_ = 0;  // of rows that are done
  std::uint64_t rows_ = 0;
  std::uint64_t surplus_ = 0;  // rows beyond those of the header
};

TextVectors::TextVectors(std::unique_ptr<ByteInput> input, const ReadOptions& options)
    : text_(std::move(input)), forced_(options.format), block_bytes_(options.block_bytes) {
  info_.name = text_.name();
  info_.compression = text_.compression();
  info_.file_bytes = text_.file_bytes();
  look_at_beginning();
}

void TextVectors::look_at_beginning() {
  refill(std::min(block_bytes_, kFirstBlock));
  if (pending_.empty())
    throw Error(ErrorKind::data, info_.name, "an empty file", "word vectors",
                "check where it comes from");
  std::string_view rest = pending_;
  const std::string_view first = trim_line(take_line(rest));
  info_.format = VectorFormat::glove;
  if (forced_ != VectorFormat::glove) {
    if (const auto header = parse_header(first, where(1))) {
      info_.format = VectorFormat::vec;
      info_.rows = header->rows;
      info_.dimension = header->dimension;
      layout_.from_header = true;
      line_ = 1;
      pending_ = rest;
    } else if (forced_ == VectorFormat::vec) {
      throw bad(1, fmt::format("'{}'", printable(first)),
                "a header of two whole numbers, rows and dimension",
                "read a file without header with --format glove");
    }
  }
  skip_empty_lines();
  rest = pending_;
  find_layout(trim_line(take_line(rest)));
  estimate_rows();
}

void TextVectors::refill(std::size_t bytes) {
  if (pending_.empty()) pending_ = text_.next_lines(bytes);
}

void TextVectors::skip_empty_lines() {
  for (;;) {
    refill(std::min(block_bytes_, kFirstBlock));
    if (pending_.empty())
      throw bad(std::max<std::uint64_t>(line_, 1), "no rows",
                info_.rows ? fmt::format("{}, as the header says", *info_.rows) : "word vectors",
                "the file was cut short; get it again");
    std::string_view rest = pending_;
    if (!trim_line(take_line(rest)).empty()) break;
    pending_ = rest;
    ++line_;
    if (empty_line_ == 0) empty_line_ = line_;
  }
  layout_.dimension = info_.dimension;
  if (empty_line_ != 0) throw explain_row({}, layout_, where(empty_line_));
}

void TextVectors::find_layout(std::string_view line) {
  layout_.separator = find_separator(line);
  if (!info_.rows) {
    const std::string_view word = word_of(line, layout_);
    info_.dimension = count_fields(line.substr(word.size()));
    layout_.dimension = info_.dimension;
    const Eigen::Index smallest = forced_ == VectorFormat::glove ? 1 : kFewestNumbers;
    if (info_.dimension < smallest) {
      if (line.find('\0') != std::string_view::npos)
        throw explain_row(line, layout_, where(line_ + 1));
      throw bad(line_ + 1, fmt::format("'{}'", printable(line)), "a word and its numbers",
                "is this a file of word vectors?");
    }
    if (info_.dimension > kLargestDimension)
      throw bad(line_ + 1, fmt::format("{} columns", info_.dimension),
                fmt::format("at most {}", kLargestDimension), "is this a file of word vectors?");
  }
  std::string_view word;
  std::vector<float> values(static_cast<std::size_t>(info_.dimension));
  if (!parse_row(line, layout_, line.data() + line.size(), word, values.data()))
    throw explain_row(line, layout_, where(line_ + 1));
}

void TextVectors::estimate_rows() {
  if (info_.rows) {
    info_.estimated_rows = *info_.rows;
  } else if (info_.file_bytes > 0) {
    const double text_bytes =
        static_cast<double>(info_.file_bytes) * (info_.compression.empty() ? 1 : kCompressionRatio);
    const double row_bytes =
        static_cast<double>(pending_.size()) / static_cast<double>(count_lines(pending_));
    info_.estimated_rows = static_cast<std::uint64_t>(std::lround(text_bytes / row_bytes));
  }
}

std::uint64_t TextVectors::certain_rows() const {
  // A header may lie, the size of a plain file cannot: a number takes two characters at least.
  if (!info_.compression.empty()) return 0;
  const auto shortest_row = 2 * static_cast<std::uint64_t>(info_.dimension);
  return std::min(info_.estimated_rows, info_.file_bytes / shortest_row);
}

std::size_t TextVectors::bytes_for(std::uint64_t wanted) const {
  if (wanted == 0) return block_bytes_;
  const std::uint64_t row_bytes = text_bytes_ / std::max<std::uint64_t>(rows_, 1) + 1;
  return wanted > block_bytes_ / row_bytes ? block_bytes_
                                           : static_cast<std::size_t>(row_bytes * wanted);
}

RowBlock TextVectors::next(Matrix& vectors, Eigen::Index first, std::uint64_t wanted) {
  RowBlock block;
  while (block.rows.empty() && !block.error) {
    refill(bytes_for(wanted));
    const std::string_view lines = std::exchange(pending_, {});
    if (lines.empty()) {
      check_row_count();
      break;
    }
    take_lines(parse_lines(lines, layout_, vectors, first), first, block);
    text_bytes_ += lines.size();
  }
  return block;
}

void TextVectors::take_lines(const std::vector<ParsedLine>& lines, Eigen::Index first,
                             RowBlock& block) {
  block.rows.reserve(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ParsedLine& line = lines[i];
    ++line_;
    if (line.text.empty()) {
      if (empty_line_ == 0) empty_line_ = line_;
      continue;
    }
    if (empty_line_ != 0) {
      block.error = explain_row({}, layout_, where(empty_line_));
      return;
    }
    if (!line.good) {
      block.error = explain_row(line.text, layout_, where(line_));
      return;
    }
    // Only who wants more rows than the header promises is told that it is wrong.
    if (info_.rows && rows_ == *info_.rows) {
      ++surplus_;
      continue;
    }
    ++rows_;
    block.rows.push_back({line.word, line_, first + static_cast<Eigen::Index>(i), line.zero});
  }
}

bool TextVectors::has_more() {
  if (surplus_ > 0) return true;
  for (;;) {
    const std::string_view next = text_.next_lines(1);
    if (next.empty()) return false;
    if (!trim_line(next).empty()) return true;
  }
}

void TextVectors::check_row_count() const {
  const std::uint64_t found = rows_ + surplus_;
  if (!info_.rows || *info_.rows == found) return;
  throw bad(1, fmt::format("a header of {} rows", *info_.rows),
            fmt::format("{}, as many as follow", found),
            found < *info_.rows
                ? "get the file again if it was cut short, or correct the first line"
                : "correct the first line");
}

std::string_view first_line(ByteInput& input) {
  std::string_view start = input.peek(kFirstBlock).substr(0, kFirstBlock);
  if (start.starts_with(kByteOrderMark)) start.remove_prefix(kByteOrderMark.size());
  return trim_line(start.substr(0, start.find('\n')));
}

}  // namespace

bool is_glove(ByteInput& input) {
  return count_numbers(first_line(input)) >= kFewestNumbers;
}

bool is_vec(ByteInput& input) {
  const std::string_view line = first_line(input);
  try {
    return parse_header(line, input.name()).has_value();
  } catch (const Error&) {
    return true;  // two numbers, but no good ones: worth a message
  }
}

std::unique_ptr<RowSource> open_text_vectors(std::unique_ptr<ByteInput> input,
                                             const ReadOptions& options) {
  return std::make_unique<TextVectors>(std::move(input), options);
}

}  // namespace xalign
