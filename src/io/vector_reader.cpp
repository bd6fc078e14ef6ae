#include "core/progress_meter.h"
#include "io/text_input.h"
#include "io/vector_header.h"
#include "io/vector_lines.h"

#include <xalign/error.h>
#include <xalign/text.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

namespace xalign {
namespace {

// Read to see how a file begins; also the first block, so that a few words cost little.
constexpr std::size_t kFirstBlock = std::size_t{64} << 10;
// Text of numbers shrinks to about two fifths when it is compressed.
constexpr double kCompressionRatio = 2.5;
constexpr std::uint64_t kMostWords = std::numeric_limits<Index>::max();

}  // namespace

void ReadOptions::validate() const {
  if (max_vocab < 0)
    throw Error(ErrorKind::config, "max_vocab", fmt::format("{}", max_vocab),
                "0 (all words) or a number of words");
  if (block_bytes < 1) throw Error(ErrorKind::config, "block_bytes", "0", "at least 1");
}

struct VectorReader::Impl {
  Impl(const std::string& path, const ReadOptions& read_options);

  /// Memory for what will surely come.
  void reserve(Embeddings& batch) const;
  /// Appends rows; `batch` may have more rows of vectors than words afterwards.
  bool read(Embeddings& batch, Vocabulary& seen);

  std::string where(std::uint64_t line) const { return fmt::format("{}:{}", text->name(), line); }

  ReadOptions options;
  std::unique_ptr<TextInput> text;
  VectorFileInfo info;
  ReadReport report;
  RowLayout layout;
  Vocabulary words;  // of all batches

 private:
  void look_at_beginning();
  void use_header(std::string_view line);
  void refill(std::size_t bytes);
  void skip_empty_lines();
  void find_layout(std::string_view line);
  void estimate_rows();
  std::size_t next_block_bytes() const;
  void take_rows(const std::vector<ParsedLine>& lines, Embeddings& batch, Vocabulary& seen);
  bool has_more_rows(std::span<const ParsedLine> lines);
  void check_row_count() const;
  [[noreturn]] void fail(std::uint64_t line, std::string_view found, std::string_view expected,
                         std::string_view remedy) const;

  std::string_view pending_;      // lines that were looked at and not yet parsed
  std::uint64_t line_ = 0;        // lines that are done
  std::uint64_t empty_line_ = 0;  // the first empty one, 0 if none
  std::uint64_t text_bytes_ = 0;  // of rows that are done
  Index kept_ = 0;
  bool ended_ = false;
  std::string task_;
  std::optional<ProgressMeter> meter_;
  std::uint64_t told_ = 0;  // bytes the meter knows of
};

VectorReader::Impl::Impl(const std::string& path, const ReadOptions& read_options)
    : options(read_options) {
  options.validate();
  text = TextInput::open(path);
  info.compression = report.compression = text->compression();
  info.file_bytes = text->file_bytes();
  task_ = "read " + text->name();
  meter_.emplace(options.progress, task_, info.file_bytes);
  look_at_beginning();
}

void VectorReader::Impl::look_at_beginning() {
  refill(std::min(options.block_bytes, kFirstBlock));
  if (pending_.empty())
    throw Error(ErrorKind::data, text->name(), "an empty file", "word vectors",
                "check where it comes from");
  std::string_view rest = pending_;
  const std::string_view first = trim_line(take_line(rest));
  info.format = options.format;
  if (options.format != VectorFormat::glove) {
    if (const auto header = parse_header(first, where(1))) {
      info.format = VectorFormat::vec;
      info.rows = header->rows;
      info.dimension = header->dimension;
      layout.from_header = true;
      line_ = 1;
      pending_ = rest;
    } else if (options.format == VectorFormat::vec) {
      fail(1, fmt::format("'{}'", printable(first)),
           "a header of two whole numbers, rows and dimension",
           "read a file without header with --format glove");
    } else {
      info.format = VectorFormat::glove;
    }
  }
  report.format = info.format;
  skip_empty_lines();
  rest = pending_;
  find_layout(trim_line(take_line(rest)));
  estimate_rows();
}

void VectorReader::Impl::refill(std::size_t bytes) {
  if (!pending_.empty()) return;
  pending_ = text->next_lines(bytes);
  meter_->add(text->bytes_read() - told_);
  told_ = text->bytes_read();
}

void VectorReader::Impl::skip_empty_lines() {
  for (;;) {
    refill(std::min(options.block_bytes, kFirstBlock));
    if (pending_.empty())
      fail(std::max<std::uint64_t>(line_, 1), "no rows",
           info.rows ? fmt::format("{}, as the header says", *info.rows) : "word vectors",
           "the file was cut short; get it again");
    std::string_view rest = pending_;
    if (!trim_line(take_line(rest)).empty()) break;
    pending_ = rest;
    ++line_;
    if (empty_line_ == 0) empty_line_ = line_;
  }
  layout.dimension = info.dimension;
  if (empty_line_ != 0) throw explain_row({}, layout, where(empty_line_));
}

void VectorReader::Impl::find_layout(std::string_view line) {
  layout.separator = find_separator(line);
  if (!info.rows) {
    const std::string_view word = word_of(line, layout);
    info.dimension = count_fields(line.substr(word.size()));
    layout.dimension = info.dimension;
    // Two columns are rather a word list with counts, or a dictionary.
    const Eigen::Index smallest = options.format == VectorFormat::glove ? 1 : 2;
    if (info.dimension < smallest) {
      if (line.find('\0') != std::string_view::npos)
        throw explain_row(line, layout, where(line_ + 1));
      fail(line_ + 1, fmt::format("'{}'", printable(line)), "a word and its numbers",
           "is this a file of word vectors?");
    }
    if (info.dimension > kLargestDimension)
      fail(line_ + 1, fmt::format("{} columns", info.dimension),
           fmt::format("at most {}", kLargestDimension), "is this a file of word vectors?");
  }
  std::string_view word;
  std::vector<float> values(static_cast<std::size_t>(info.dimension));
  if (!parse_row(line, layout, line.data() + line.size(), word, values.data()))
    throw explain_row(line, layout, where(line_ + 1));
}

void VectorReader::Impl::estimate_rows() {
  if (info.rows) {
    info.estimated_rows = *info.rows;
  } else if (info.file_bytes > 0) {
    const double text_bytes =
        static_cast<double>(info.file_bytes) * (info.compression.empty() ? 1 : kCompressionRatio);
    const double row_bytes =
        static_cast<double>(pending_.size()) / static_cast<double>(count_lines(pending_));
    info.estimated_rows = static_cast<std::uint64_t>(std::lround(text_bytes / row_bytes));
  }
}

void VectorReader::Impl::reserve(Embeddings& batch) const {
  // A header may lie, the size of a plain file cannot: a number takes two characters at least.
  if (!info.compression.empty()) return;
  const auto shortest_row = 2 * static_cast<std::uint64_t>(info.dimension);
  std::uint64_t rows = std::min(info.estimated_rows, info.file_bytes / shortest_row);
  if (options.max_vocab > 0) rows = std::min(rows, static_cast<std::uint64_t>(options.max_vocab));
  batch.words.reserve(static_cast<Index>(std::min<std::uint64_t>(rows, kMostWords)));
  batch.vectors.resize(static_cast<Eigen::Index>(rows), info.dimension);
}

std::size_t VectorReader::Impl::next_block_bytes() const {
  if (options.max_vocab == 0) return options.block_bytes;
  const std::uint64_t rows = std::max<std::uint64_t>(report.rows, 1);
  const auto missing = static_cast<std::uint64_t>(options.max_vocab - kept_);
  const std::uint64_t bytes = (text_bytes_ / rows + 1) * missing;
  return std::min<std::uint64_t>(options.block_bytes, bytes);
}

bool VectorReader::Impl::read(Embeddings& batch, Vocabulary& seen) {
  if (ended_) return false;
  if (batch.size() > 0 && batch.dimension() != info.dimension)
    throw Error(ErrorKind::config, "batch", fmt::format("{} dimensions", batch.dimension()),
                fmt::format("{}", info.dimension));
  refill(next_block_bytes());
  const std::string_view lines = std::exchange(pending_, {});
  if (lines.empty()) {
    ended_ = true;
    check_row_count();
    return false;
  }
  take_rows(parse_lines(lines, layout, batch.vectors, batch.size()), batch, seen);
  text_bytes_ += lines.size();
  return true;
}

void VectorReader::Impl::take_rows(const std::vector<ParsedLine>& lines, Embeddings& batch,
                                   Vocabulary& seen) {
  const Eigen::Index first = batch.size();
  const bool apart = &seen != &batch.words;
  for (std::size_t i = 0; i < lines.size() && !ended_; ++i) {
    const ParsedLine& line = lines[i];
    ++line_;
    if (line.text.empty()) {
      if (empty_line_ == 0) empty_line_ = line_;
      continue;
    }
    if (empty_line_ != 0) throw explain_row({}, layout, where(empty_line_));
    if (!line.good) throw explain_row(line.text, layout, where(line_));
    if (!is_utf8(line.word)) {
      if (options.strict)
        fail(line_, fmt::format("the word '{}' is not UTF-8", printable(line.word)), "UTF-8",
             "correct it, or read without --strict");
      if (report.bad_utf8++ == 0) report.first_bad_utf8_line = line_;
    }
    ++report.rows;
    if (!seen.insert(line.word).second) {
      if (report.duplicates++ == 0) {
        report.first_duplicate = line.word;
        report.first_duplicate_line = line_;
      }
      continue;
    }
    if (apart) batch.words.insert(line.word);
    report.zero_vectors += line.zero ? 1 : 0;
    const Eigen::Index row = first + static_cast<Eigen::Index>(i), kept = batch.size() - 1;
    if (row != kept) batch.vectors.row(kept) = batch.vectors.row(row);
    if (++kept_ != options.max_vocab) continue;
    ended_ = true;
    report.stopped_early = has_more_rows(std::span(lines).subspan(i + 1));
    if (!report.stopped_early) check_row_count();
  }
}

bool VectorReader::Impl::has_more_rows(std::span<const ParsedLine> lines) {
  for (const ParsedLine& line : lines)
    if (!line.text.empty()) return true;
  for (;;) {
    const std::string_view next = text->next_lines(1);
    if (next.empty()) return false;
    if (!trim_line(next).empty()) return true;
  }
}

void VectorReader::Impl::check_row_count() const {
  if (!info.rows || *info.rows == report.rows) return;
  fail(1, fmt::format("a header of {} rows", *info.rows),
       fmt::format("{}, as many as follow", report.rows),
       report.rows < *info.rows
           ? "get the file again if it was cut short, or correct the first line"
           : "correct the first line");
}

void VectorReader::Impl::fail(std::uint64_t line, std::string_view found, std::string_view expected,
                              std::string_view remedy) const {
  throw Error(ErrorKind::data, where(line), found, expected, remedy);
}

VectorReader::VectorReader(const std::string& path, const ReadOptions& options)
    : impl_(std::make_unique<Impl>(path, options)) {}
VectorReader::~VectorReader() = default;
VectorReader::VectorReader(VectorReader&&) noexcept = default;
VectorReader& VectorReader::operator=(VectorReader&&) noexcept = default;

const VectorFileInfo& VectorReader::info() const {
  return impl_->info;
}

bool VectorReader::read(Embeddings& batch) {
  // Lines become rows before it is known which of them stay.
  const auto drop_spare_rows = [&] {
    batch.vectors.conservativeResize(batch.size(), impl_->info.dimension);
  };
  try {
    const bool any = impl_->read(batch, impl_->words);
    drop_spare_rows();
    return any;
  } catch (...) {
    drop_spare_rows();
    throw;
  }
}

const ReadReport& VectorReader::report() const {
  return impl_->report;
}

ReadResult read_vectors(const std::string& path, const ReadOptions& options) {
  VectorReader reader(path, options);
  return read_vectors(reader);
}

ReadResult read_vectors(VectorReader& reader) {
  VectorReader::Impl& impl = *reader.impl_;
  ReadResult result;
  impl.reserve(result.embeddings);
  // The batch holds all words, so it can tell duplicates itself.
  while (impl.read(result.embeddings, result.embeddings.words)) {
  }
  result.embeddings.vectors.conservativeResize(result.embeddings.size(), impl.info.dimension);
  result.report = reader.report();
  return result;
}

}  // namespace xalign
