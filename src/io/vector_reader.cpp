#include "core/parallel_for.h"
#include "io/text_input.h"
#include "io/vector_row.h"

#include <xalign/error.h>
#include <xalign/text.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace xalign {
namespace {

// Read to see how a file begins; also the first block, so that a few words cost little.
constexpr std::size_t kFirstBlock = std::size_t{64} << 10;
// Parsed by one thread at a time.
constexpr std::size_t kSegment = std::size_t{256} << 10;
constexpr Eigen::Index kLargestDimension = 1 << 20;

struct Header {
  std::uint64_t rows = 0;
  std::uint64_t dimension = 0;
};

bool parse_count(std::string_view text, std::uint64_t& value) {
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

/// A first line of exactly two whole numbers.
std::optional<Header> parse_header(std::string_view line) {
  const std::size_t blank = line.find_first_of(" \t");
  if (blank == std::string_view::npos) return std::nullopt;
  const std::size_t second = line.find_first_not_of(" \t", blank);
  Header header;
  if (!parse_count(line.substr(0, blank), header.rows) ||
      !parse_count(line.substr(second), header.dimension))
    return std::nullopt;
  return header;
}

/// The first line of `lines` with its line end; removes it from there.
std::string_view take_line(std::string_view& lines) {
  const std::size_t length = std::min(lines.find('\n'), lines.size() - 1) + 1;
  const std::string_view line = lines.substr(0, length);
  lines.remove_prefix(length);
  return line;
}

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

std::size_t count_lines(std::string_view lines) {
  if (lines.empty()) return 0;
  const auto newlines = std::count(lines.begin(), lines.end(), '\n');
  return static_cast<std::size_t>(newlines) + (lines.back() == '\n' ? 0 : 1);
}

/// What became of one line.
struct ParsedLine {
  std::string_view text;  // trimmed
  std::string_view word;
  bool good = false;
  bool zero = false;
};

/// Parses lines into consecutive rows, as many as there are lines.
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

}  // namespace

void ReadOptions::validate() const {
  if (max_vocab < 0)
    throw Error(ErrorKind::config, "--max-vocab", fmt::format("{}", max_vocab),
                "0 (all words) or a number of words");
  if (block_bytes < 1) throw Error(ErrorKind::config, "block_bytes", "0", "at least 1");
}

struct VectorReader::Impl {
  Impl(const std::string& path, const ReadOptions& read_options);

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
  void read_header(std::string_view line);
  void find_layout(std::string_view line);
  void estimate_rows();
  std::size_t next_block_bytes() const;
  void take_rows(const std::vector<ParsedLine>& lines, Embeddings& batch, Vocabulary& seen);
  void finish();
  void tell_progress() const;

  std::string_view pending_;      // lines that were looked at and not yet parsed
  std::uint64_t line_ = 0;        // lines that are done
  std::uint64_t empty_line_ = 0;  // the first empty one, 0 if none
  std::uint64_t text_bytes_ = 0;  // of rows that are done
  Index kept_ = 0;
  bool ended_ = false;
};

VectorReader::Impl::Impl(const std::string& path, const ReadOptions& read_options)
    : options(read_options) {
  options.validate();
  text = TextInput::open(path);
  look_at_beginning();
}

void VectorReader::Impl::look_at_beginning() {
  info.compression = text->compression();
  info.file_bytes = text->file_bytes();
  pending_ = text->next_lines(std::min(options.block_bytes, kFirstBlock));
  if (pending_.empty())
    throw Error(ErrorKind::data, text->name(), "an empty file", "vectors", "is the file complete?");

  std::string_view rest = pending_;
  const std::string_view first = trim_line(take_line(rest));
  const auto header = parse_header(first);
  const bool with_header =
      options.format == VectorFormat::vec || (options.format == VectorFormat::automatic && header);
  info.format = with_header ? VectorFormat::vec : VectorFormat::glove;
  if (with_header) {
    read_header(first);
    line_ = 1;
    pending_ = rest;
    if (pending_.empty()) pending_ = text->next_lines(std::min(options.block_bytes, kFirstBlock));
  }
  std::string_view second = pending_;
  if (trim_line(pending_).empty())
    throw Error(ErrorKind::data, where(line_), "no rows after the header",
                fmt::format("{} rows", info.rows.value_or(0)), "is the file complete?");
  find_layout(trim_line(take_line(second)));
  estimate_rows();
  report.format = info.format;
  report.compression = info.compression;
}

void VectorReader::Impl::read_header(std::string_view line) {
  const auto header = parse_header(line);
  if (!header)
    throw Error(ErrorKind::data, where(1), fmt::format("'{}'", printable(line)),
                "a header of two whole numbers, rows and dimension",
                "read a file without header with --format glove");
  if (header->dimension < 1 || header->dimension > kLargestDimension)
    throw Error(ErrorKind::data, where(1), fmt::format("{} dimensions", header->dimension),
                fmt::format("1 to {}", kLargestDimension), "mend the header");
  if (header->rows < 1)
    throw Error(ErrorKind::data, where(1), "a header that promises 0 rows", "at least 1",
                "mend the header");
  info.rows = header->rows;
  info.dimension = static_cast<Eigen::Index>(header->dimension);
  layout.from_header = true;
}

void VectorReader::Impl::find_layout(std::string_view line) {
  const std::size_t blank = line.find_first_of(" \t");
  if (blank != std::string_view::npos) layout.separator = line[blank];
  if (!info.rows) info.dimension = count_fields(line) - 1;
  layout.dimension = info.dimension;
  if (info.dimension < 1 || info.dimension > kLargestDimension)
    throw Error(ErrorKind::data, where(line_ + 1), fmt::format("'{}'", printable(line)),
                "a word and its numbers", "is this a file of word vectors?");
  std::string_view word;
  std::vector<float> values(static_cast<std::size_t>(info.dimension));
  const char* end = line.data() + line.size();
  if (!parse_row(line, layout, end, word, values.data()))
    throw explain_row(line, layout, where(line_ + 1));
}

void VectorReader::Impl::estimate_rows() {
  if (info.rows) {
    info.estimated_rows = *info.rows;
  } else if (info.file_bytes > 0) {
    // Text of numbers shrinks to about two fifths when it is compressed.
    const double text_bytes =
        static_cast<double>(info.file_bytes) * (info.compression.empty() ? 1 : 2.5);
    const double row_bytes =
        static_cast<double>(pending_.size()) / static_cast<double>(count_lines(pending_));
    info.estimated_rows = static_cast<std::uint64_t>(text_bytes / row_bytes) + 1;
  }
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
  const std::string_view lines = pending_.empty() ? text->next_lines(next_block_bytes()) : pending_;
  pending_ = {};
  if (lines.empty()) {
    finish();
    return false;
  }
  if (batch.size() > 0 && batch.dimension() != info.dimension)
    throw Error(ErrorKind::config, "batch", fmt::format("{} dimensions", batch.dimension()),
                fmt::format("{}", info.dimension));
  take_rows(parse_lines(lines, layout, batch.vectors, batch.size()), batch, seen);
  text_bytes_ += lines.size();
  tell_progress();
  return true;
}

void VectorReader::Impl::take_rows(const std::vector<ParsedLine>& lines, Embeddings& batch,
                                   Vocabulary& seen) {
  const Eigen::Index first = batch.size();
  const bool apart = &seen != &batch.words;
  Eigen::Index kept = first;
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
        throw Error(ErrorKind::data, where(line_),
                    fmt::format("the word '{}' is not UTF-8", printable(line.word)), "UTF-8",
                    "mend it, or read without --strict");
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
    const Eigen::Index row = first + static_cast<Eigen::Index>(i);
    if (row != kept) batch.vectors.row(kept) = batch.vectors.row(row);
    ++kept;
    ended_ = ++kept_ == options.max_vocab;
  }
  report.stopped_early = ended_;
  batch.vectors.conservativeResize(kept, info.dimension);
}

void VectorReader::Impl::finish() {
  ended_ = true;
  if (!info.rows || *info.rows == report.rows) return;
  throw Error(ErrorKind::data, where(1), fmt::format("the header promises {} rows", *info.rows),
              fmt::format("{}, as many as follow", report.rows),
              report.rows < *info.rows ? "is the file complete? If so, mend the header"
                                       : "mend the header");
}

void VectorReader::Impl::tell_progress() const {
  if (options.progress)
    options.progress({"read " + text->name(), text->bytes_read(), info.file_bytes});
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
  return impl_->read(batch, impl_->words);
}

const ReadReport& VectorReader::report() const {
  return impl_->report;
}

ReadResult read_vectors(const std::string& path, const ReadOptions& options) {
  VectorReader reader(path, options);
  return read_vectors(reader);
}

ReadResult read_vectors(VectorReader& reader) {
  ReadResult result;
  // The batch holds all words, so it can tell duplicates itself.
  while (reader.impl_->read(result.embeddings, result.embeddings.words)) {
  }
  result.report = reader.report();
  return result;
}

}  // namespace xalign
