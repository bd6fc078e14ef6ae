#include "io/floret.h"

#include "core/hash.h"
#include "io/binary_rows.h"
#include "io/row_names.h"
#include "io/text_input.h"
#include "io/vector_header.h"
#include "io/vector_lines.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace xalign {
namespace {

constexpr std::size_t kFields = 8;
constexpr std::size_t kNumbers = 6;
constexpr std::size_t kLongestHeader = 1024;
constexpr std::size_t kBlock = std::size_t{4} << 20;
constexpr std::uint64_t kMostHashes = 4;

struct FloretHeader {
  std::uint64_t rows = 0;
  std::uint64_t dimension = 0;
  SubwordOptions subwords;
  std::uint64_t hashes = 0;
  std::uint32_t seed = 0;
};

/// Nothing unless the line has six whole numbers and two marks.
std::optional<FloretHeader> parse_floret_header(std::string_view line) {
  std::vector<std::string_view> fields;
  while (!line.empty() && fields.size() <= kFields) {
    const std::size_t end = std::min(line.find(' '), line.size());
    fields.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  // Eight numbers are rather a row of vectors.
  const auto is_number = [](std::string_view field) {
    return field.find_first_not_of("+-.0123456789") == std::string_view::npos;
  };
  if (fields.size() != kFields || (is_number(fields[6]) && is_number(fields[7])))
    return std::nullopt;
  std::uint64_t numbers[kNumbers] = {};
  for (std::size_t i = 0; i < kNumbers; ++i) {
    const char* end = fields[i].data() + fields[i].size();
    const auto [stop, error] = std::from_chars(fields[i].data(), end, numbers[i]);
    if (error != std::errc() || stop != end ||
        numbers[i] > std::numeric_limits<std::uint32_t>::max())
      return std::nullopt;
  }
  FloretHeader header;
  header.rows = numbers[0];
  header.dimension = numbers[1];
  header.subwords.min_length = static_cast<int>(std::min<std::uint64_t>(numbers[2], 1000));
  header.subwords.max_length = static_cast<int>(std::min<std::uint64_t>(numbers[3], 1000));
  header.subwords.buckets = static_cast<std::uint32_t>(numbers[0]);
  header.subwords.begin_mark = fields[6];
  header.subwords.end_mark = fields[7];
  header.hashes = numbers[4];
  header.seed = static_cast<std::uint32_t>(numbers[5]);
  return header;
}

class FloretTable {
 public:
  explicit FloretTable(std::unique_ptr<ByteInput> input) : text_(std::move(input)) {
    std::string_view lines = text_.next_lines(1);
    const std::string_view first = lines.empty() ? lines : trim_line(take_line(lines));
    const auto header = parse_floret_header(first);
    if (!header)
      throw Error(ErrorKind::data, text_.name() + ":1", fmt::format("'{}'", printable(first)),
                  "the header of a floret table: buckets, dimension, minn, maxn, hash_count, "
                  "hash_seed and two marks",
                  "is this a .floret file?");
    header_ = *header;
    if (header_.rows < 1 || header_.dimension < 1 ||
        header_.dimension > static_cast<std::uint64_t>(kLargestDimension) || header_.hashes < 1 ||
        header_.hashes > kMostHashes)
      throw Error(ErrorKind::data, text_.name() + ":1",
                  fmt::format("a table of {} rows, {} dimensions and {} hashes", header_.rows,
                              header_.dimension, header_.hashes),
                  fmt::format("1 row or more, 1 to {} dimensions, 1 to {} hashes",
                              kLargestDimension, kMostHashes),
                  "correct the first line");
    header_.subwords.min_length = std::max(header_.subwords.min_length, 1);
    read_rows(lines);
  }

  const TextInput& text() const { return text_; }
  Eigen::Index dimension() const { return table_.cols(); }
  std::uint64_t bytes() const { return static_cast<std::uint64_t>(table_.size()) * sizeof(float); }

  void fill_vector(std::string_view word, float* vector) const {
    Eigen::Map<RowVector> sum(vector, dimension());
    sum.setZero();
    add(header_.subwords.begin_mark + std::string(word) + header_.subwords.end_mark, sum);
    const std::vector<std::string> ngrams = find_ngrams(word, header_.subwords);
    for (const std::string& ngram : ngrams) add(ngram, sum);
    sum /= static_cast<float>((ngrams.size() + 1) * header_.hashes);
  }

 private:
  void add(const std::string& text, Eigen::Map<RowVector>& sum) const {
    const std::array<std::uint32_t, 4> hashes = murmur3_128(text.data(), text.size(), header_.seed);
    for (std::size_t i = 0; i < header_.hashes; ++i)
      sum += table_.row(static_cast<Eigen::Index>(hashes[i] % header_.rows));
  }

  void read_rows(std::string_view lines) {
    const RowLayout layout{static_cast<std::ptrdiff_t>(header_.dimension), true, ' '};
    std::uint64_t done = 0;
    for (;;) {
      if (lines.empty()) lines = text_.next_lines(kBlock);
      if (lines.empty()) break;
      for (const ParsedLine& line :
           parse_lines(lines, layout, table_, static_cast<Eigen::Index>(done))) {
        const std::string where = fmt::format("{}:{}", text_.name(), done + 2);
        if (!line.good) throw explain_row(line.text, layout, where);
        if (done == header_.rows) fail_rows(done + 1);
        if (line.word != fmt::format("{}", done))
          throw Error(ErrorKind::data, where, fmt::format("row '{}'", printable(line.word)),
                      fmt::format("row {}", done), "get the file again");
        ++done;
      }
      lines = {};
    }
    if (done < header_.rows) fail_rows(done);
    table_.conservativeResize(static_cast<Eigen::Index>(done), table_.cols());
  }

  [[noreturn]] void fail_rows(std::uint64_t found) const {
    throw Error(ErrorKind::data, text_.name() + ":1",
                fmt::format("a header of {} rows", header_.rows),
                found > header_.rows ? "more, as many as follow"
                                     : fmt::format("{}, as many as follow", found),
                "get the file again");
  }

  TextInput text_;
  FloretHeader header_;
  Matrix table_;
};

class FloretVectors final : public RowSource {
 public:
  FloretVectors(std::unique_ptr<ByteInput> input, const std::string& words, std::size_t block_bytes)
      : table_(std::move(input)), names_(words) {
    info_.name = table_.text().name();
    info_.format = VectorFormat::floret;
    info_.has_ngrams = true;
    info_.compression = table_.text().compression();
    info_.file_bytes = table_.text().file_bytes();
    info_.words_file = words;
    info_.dimension = table_.dimension();
    info_.held_bytes = table_.bytes();
    const std::size_t row_bytes = static_cast<std::size_t>(info_.dimension) * sizeof(float);
    rows_per_block_ = std::max<std::size_t>(block_bytes / row_bytes, 1);
  }

  std::string where(std::uint64_t place) const override {
    return fmt::format("{}:{}", names_.file(), place);
  }
  std::uint64_t certain_rows() const override { return 0; }
  std::uint64_t bytes_read() const override { return table_.text().bytes_read(); }

  RowBlock next(Matrix& vectors, Eigen::Index first, std::uint64_t wanted) override {
    const auto rows = static_cast<std::size_t>(
        wanted == 0 ? rows_per_block_ : std::min<std::uint64_t>(wanted, rows_per_block_));
    const auto names = names_.next(rows);
    if (names.empty() && done_ == 0)
      throw Error(ErrorKind::data, names_.file(), "no words", "one word a line", "add some");
    RowBlock block =
        make_block(names, *this, done_ + 1, vectors, first,
                   [&](std::size_t i, float* numbers) { table_.fill_vector(names[i], numbers); });
    done_ += names.size();
    return block;
  }

  bool has_more() override { return !names_.next(1).empty(); }

 private:
  FloretTable table_;
  RowNames names_;
  std::size_t rows_per_block_ = 1;
  std::uint64_t done_ = 0;
};

class FloretModel final : public SubwordModel {
 public:
  explicit FloretModel(std::unique_ptr<ByteInput> input) : table_(std::move(input)) {}

  Eigen::Index dimension() const override { return table_.dimension(); }
  bool find_vector(std::string_view word, Eigen::Ref<RowVector> vector) const override {
    table_.fill_vector(word, vector.data());
    return true;
  }

 private:
  FloretTable table_;
};

}  // namespace

bool is_floret(ByteInput& input) {
  const std::string_view start = input.peek(kLongestHeader).substr(0, kLongestHeader);
  return parse_floret_header(trim_line(start.substr(0, start.find('\n')))).has_value();
}

std::unique_ptr<RowSource> open_floret(std::unique_ptr<ByteInput> input,
                                       const ReadOptions& options) {
  const std::string words = options.words_file.empty()
                                ? find_words_beside(input->name()).value_or(std::string())
                                : options.words_file;
  if (words.empty() && is_floret(*input))
    throw Error(ErrorKind::data, input->name(), "a floret table, which holds no words",
                "a list of words beside it: " + words_path_beside(input->name()),
                "name one with --words-file");
  return std::make_unique<FloretVectors>(std::move(input), words, options.block_bytes);
}

std::unique_ptr<SubwordModel> open_floret_model(std::unique_ptr<ByteInput> input) {
  return std::make_unique<FloretModel>(std::move(input));
}

}  // namespace xalign
