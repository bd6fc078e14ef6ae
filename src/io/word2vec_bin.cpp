#include "io/word2vec_bin.h"

#include "core/parallel_for.h"
#include "io/binary_rows.h"
#include "io/counted_output.h"
#include "io/vector_header.h"
#include "io/vector_row.h"

#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace xalign {
namespace {

static_assert(std::endian::native == std::endian::little, "files are read as they lie in memory");

constexpr std::size_t kLongestHeader = 64;
constexpr std::size_t kLongestWord = std::size_t{1} << 16;  // docs/formats.md says so
// Read to see what a file is: its first row, or as much of a long one as tells text from numbers.
constexpr std::size_t kLook = kLongestHeader + kLongestWord + (std::size_t{1} << 14);

bool has_control(std::string_view bytes) {
  return std::ranges::any_of(bytes, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x07 || (byte >= 0x0e && byte < 0x20);
  });
}

bool is_text(std::string_view bytes) {
  if (has_control(bytes)) return false;
  // The last character may be cut.
  for (std::size_t cut = 0; cut < 4 && cut <= bytes.size(); ++cut)
    if (is_utf8(bytes.substr(0, bytes.size() - cut))) return true;
  return false;
}

bool is_mostly_numbers(std::string_view bytes) {
  const auto count = std::ranges::count_if(bytes, [](char c) {
    return std::string_view("+-.0123456789eE ").find(c) != std::string_view::npos;
  });
  return 2 * static_cast<std::size_t>(count) > bytes.size();
}

/// The first line with its end; empty where there is none.
std::string_view header_line(ByteInput& input) {
  const std::string_view start = input.peek(kLongestHeader).substr(0, kLongestHeader);
  return start.substr(0, start.find('\n') + 1);
}

class Word2vecBin final : public RowSource {
 public:
  Word2vecBin(std::unique_ptr<ByteInput> input, std::size_t block_bytes)
      : input_(std::move(input)), block_bytes_(block_bytes) {
    info_.name = input_->name();
    info_.format = VectorFormat::word2vec_bin;
    info_.compression = input_->compression();
    info_.file_bytes = input_->file_bytes();
    const std::string_view line = header_line(*input_);
    const auto header = parse_header(trim_line(line), info_.name);
    if (!header)
      throw Error(
          ErrorKind::data, info_.name,
          line.empty() ? std::string("no header") : fmt::format("'{}'", printable(trim_line(line))),
          "a first line of two whole numbers, rows and dimension", "is this a word2vec .bin file?");
    info_.rows = info_.estimated_rows = header->rows;
    info_.dimension = header->dimension;
    row_bytes_ = static_cast<std::size_t>(header->dimension) * sizeof(float);
    input_->take(line.size());
    check_size();
    check_first_words();
  }

  std::uint64_t certain_rows() const override { return input_->bytes_left() ? rows_left() : 0; }
  std::uint64_t bytes_read() const override { return input_->bytes_read(); }

  RowBlock next(Matrix& vectors, Eigen::Index first, std::uint64_t wanted) override {
    const std::uint64_t most = wanted == 0 ? rows_left() : std::min(wanted, rows_left());
    if (most == 0) {
      check_end();
      return {};
    }
    std::optional<Error> error;
    find_rows(most, error);
    RowBlock block = make_block(
        words_, *this, done_ + 1, vectors, first,
        [&](std::size_t i, float* numbers) { std::memcpy(numbers, numbers_[i], row_bytes_); });
    done_ += words_.size();
    if (!block.error) block.error = std::move(error);
    return block;
  }

  bool has_more() override { return rows_left() > 0; }

 private:
  std::uint64_t rows_left() const { return *info_.rows - done_; }

  void check_end() {
    const std::string_view rest = input_->peek(2);
    const std::size_t line_end = rest.starts_with('\n') ? 1 : 0;
    if (rest.size() > line_end)
      throw Error(ErrorKind::data, info_.name, fmt::format("more bytes after {} rows", *info_.rows),
                  "the end of the file, as the header says", "correct the first line");
  }

  void check_size() const {
    const auto left = input_->bytes_left();
    // An empty word, which is told of where it stands, takes a blank.
    if (left && rows_left() > *left / (row_bytes_ + 1)) throw cut_short("the file");
  }

  /// With another dimension than the rows have, numbers stand where words should.
  void check_first_words() {
    const std::string_view ahead = input_->peek(kLook).substr(0, kLook);
    std::uint64_t row = 1;
    for (std::size_t at = 0; row <= *info_.rows; ++row) {
      const std::size_t blank = ahead.find(' ', at);
      if (blank == ahead.npos || ahead.size() - blank <= row_bytes_) return;
      const std::string_view word = ahead.substr(at, blank - at);
      if (has_control(word) && !is_utf8(word))
        throw Error(ErrorKind::data, where(row),
                    fmt::format("'{}' in place of a word", printable(word)),
                    fmt::format("a word, a blank and {} floats", info_.dimension),
                    "is the dimension in the first line right?");
      at = blank + 1 + row_bytes_;
    }
  }

  Error cut_short(const std::string& what) const {
    return Error(
        ErrorKind::data, info_.name, what + " is cut short",
        fmt::format("{} rows of {} numbers, as the header says", *info_.rows, info_.dimension),
        "get the file again, or name its format with --format");
  }

  /// Rows that lie in the bytes ahead, at least one.
  void find_rows(std::uint64_t most, std::optional<Error>& error) {
    words_.clear();
    numbers_.clear();
    for (std::size_t bytes = block_bytes_; words_.empty() && !error; bytes *= 2) {
      const std::string_view ahead = input_->peek(bytes);
      const bool at_end = ahead.size() < bytes;
      const std::string_view block = ahead.substr(0, bytes);
      std::size_t at = 0;
      while (words_.size() < most) {
        std::size_t begin = at;
        while (begin < block.size() && block[begin] == '\n') ++begin;
        const std::size_t blank = block.find(' ', begin);
        const std::size_t word_end = std::min(blank, block.size());
        if (word_end - begin > kLongestWord || (blank != block.npos && blank == begin)) {
          error = no_word(begin == blank);
          break;
        }
        if (blank == block.npos || block.size() - blank - 1 < row_bytes_) break;
        words_.push_back(block.substr(begin, blank - begin));
        numbers_.push_back(block.data() + blank + 1);
        at = blank + 1 + row_bytes_;
      }
      if (words_.empty() && at_end && !error) error = cut_short(fmt::format("row {}", done_ + 1));
      if (!words_.empty()) input_->take(at);
    }
  }

  Error no_word(bool empty) const {
    return Error(ErrorKind::data, where(done_ + words_.size() + 1),
                 empty ? "an empty word" : "no blank that ends the word",
                 fmt::format("a word, a blank and {} floats", info_.dimension),
                 "is the dimension in the first line right?");
  }

  std::unique_ptr<ByteInput> input_;
  std::size_t block_bytes_;
  std::size_t row_bytes_ = 0;
  std::uint64_t done_ = 0;
  std::vector<std::string_view> words_;  // of the current block
  std::vector<const char*> numbers_;
};

class Word2vecSink final : public RowSink {
 public:
  explicit Word2vecSink(const SinkRequest& request)
      : out_(
            request.path,
            [dimension = request.dimension](std::uint64_t rows) {
              return fmt::format("{} {}\n", rows, dimension);
            },
            request.options.expected_rows, request.exact) {}

  std::size_t longest_word() const override { return kLongestWord; }

  void write(const Vocabulary& words, Index first, ConstRows rows) override {
    const auto row_bytes = static_cast<std::size_t>(rows.cols()) * sizeof(float);
    for (Index i = 0; i < static_cast<Index>(rows.rows()); ++i) {
      out_.write(words[first + i]);
      out_.write(" ");
      out_.write({reinterpret_cast<const char*>(rows.row(i).data()), row_bytes});
      out_.write("\n");
    }
    rows_ += static_cast<std::uint64_t>(rows.rows());
  }

  void finish() override { out_.finish(rows_); }
  void commit() override { out_.commit(); }

 private:
  CountedOutput out_;
  std::uint64_t rows_ = 0;
};

}  // namespace

bool is_word2vec_bin(ByteInput& input) {
  const std::string_view line = header_line(input);
  std::optional<VectorHeader> header;
  try {
    header = parse_header(trim_line(line), input.name());
  } catch (const Error&) {
    return false;
  }
  if (!header) return false;
  const auto dimension = static_cast<std::size_t>(header->dimension);
  std::string_view rest = input.peek(kLook).substr(0, kLook).substr(line.size());
  rest.remove_prefix(std::min(rest.find(' '), rest.size()));
  // A row of text is a line of text, with a blank and a digit for every number at least. A bad byte
  // among the digits makes no binary file.
  const std::string_view text_row = rest.substr(0, rest.find('\n'));
  if (text_row.size() >= std::min(2 * dimension, rest.size()) &&
      (is_text(text_row) || is_mostly_numbers(text_row)))
    return false;
  return !is_text(rest.substr(0, 1 + dimension * sizeof(float)));
}

std::unique_ptr<RowSource> open_word2vec_bin(std::unique_ptr<ByteInput> input,
                                             const ReadOptions& options) {
  return std::make_unique<Word2vecBin>(std::move(input), options.block_bytes);
}

std::unique_ptr<RowSink> create_word2vec_bin(const SinkRequest& request) {
  return std::make_unique<Word2vecSink>(request);
}

}  // namespace xalign
