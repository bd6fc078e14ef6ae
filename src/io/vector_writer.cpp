#include "core/names.h"
#include "core/parallel_for.h"
#include "io/compression.h"
#include "io/file_descriptor.h"
#include "io/format_float.h"
#include "io/output_file.h"

#include <xalign/error.h>
#include <xalign/text.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <span>

namespace xalign {
namespace {

constexpr std::size_t kNumbersPerTask = std::size_t{1} << 14;
constexpr std::size_t kTasksPerWave = 64;
constexpr std::size_t kCopyBlock = std::size_t{1} << 16;

VectorFormat format_of_name(std::string_view path) {
  const std::string_view name = without_compression_suffix(path);
  return name.ends_with(".txt") || name.ends_with(".glove") ? VectorFormat::glove
                                                            : VectorFormat::vec;
}

std::string header(std::uint64_t rows, Eigen::Index dimension) {
  return fmt::format("{} {}\n", rows, dimension);
}

/// A nameless file in the system's folder for temporary files: text that must wait for its header.
class Spool {
 public:
  Spool() : file_(std::tmpfile(), &std::fclose) {
    if (!file_) fail();
  }

  void write(std::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) fail();
  }

  void copy_to(OutputFile& out) {
    if (std::fflush(file_.get()) != 0) fail();
    std::rewind(file_.get());
    std::array<char, kCopyBlock> buffer;
    while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file_.get()))
      out.write({buffer.data(), got});
    if (std::ferror(file_.get()) != 0) fail();
  }

 private:
  [[noreturn]] static void fail() {
    throw Error(ErrorKind::io, "temporary file",
                fmt::format("cannot write: {}", system_message(errno)), {},
                "free some space, or name an output file instead of -");
  }

  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

/// The text of consecutive rows, or why they cannot be written. Its memory is used again and again.
class RowText {
 public:
  void format(const std::string& path, const Vocabulary& words, ConstRows rows, const Blocks& tasks,
              std::size_t task, int precision) {
    used_ = 0;
    error_.reset();
    const auto begin = static_cast<Eigen::Index>(tasks.begin(task));
    const auto end = begin + static_cast<Eigen::Index>(tasks.length(task));
    for (Eigen::Index i = begin; i < end && !error_; ++i) {
      const std::string_view word = words[static_cast<Index>(i)];
      const float* numbers = rows.row(i).data();
      error_ = find_fault(path, word, {numbers, static_cast<std::size_t>(rows.cols())});
      if (!error_) append(word, {numbers, static_cast<std::size_t>(rows.cols())}, precision);
    }
  }

  /// @throws Error
  std::string_view text() const {
    if (error_) throw *error_;
    return std::string_view(buffer_).substr(0, used_);
  }

 private:
  static std::optional<Error> find_fault(const std::string& path, std::string_view word,
                                         std::span<const float> numbers) {
    if (word.empty() || word.find_first_of(" \t\n\r") != std::string_view::npos)
      return Error(ErrorKind::data, path,
                   word.empty() ? std::string("an empty word")
                                : fmt::format("the word '{}'", printable(word)),
                   "words without blanks and line ends", "rename it");
    const auto bad = std::find_if(numbers.begin(), numbers.end(),
                                  [](float number) { return !std::isfinite(number); });
    if (bad == numbers.end()) return std::nullopt;
    return Error(
        ErrorKind::numeric, path,
        fmt::format("number {} of '{}' is {}", bad - numbers.begin() + 1, printable(word), *bad),
        "finite numbers");
  }

  void append(std::string_view word, std::span<const float> numbers, int precision) {
    const std::size_t longest = word.size() + numbers.size() * (kLongestFloat + 1) + 1;
    if (buffer_.size() < used_ + longest) buffer_.resize(buffer_.size() + used_ + longest);
    char* out = std::copy(word.begin(), word.end(), buffer_.data() + used_);
    for (const float number : numbers) {
      *out++ = ' ';
      out = precision < 0 ? format_shortest(out, number) : format_fixed(out, number, precision);
    }
    *out++ = '\n';
    used_ = static_cast<std::size_t>(out - buffer_.data());
  }

  std::string buffer_;
  std::size_t used_ = 0;
  std::optional<Error> error_;
};

}  // namespace

void WriteOptions::validate() const {
  if (precision < -1 || precision > 9)
    throw Error(ErrorKind::config, "precision", fmt::format("{}", precision), "0 to 9");
}

struct VectorWriter::Impl {
  /// @param exact  whether the expected number of rows is certain
  Impl(const std::string& name, Eigen::Index columns, const WriteOptions& write_options, bool exact)
      : options(write_options), path(name), dimension(columns), out(name) {
    options.validate();
    if (dimension < 1)
      throw Error(ErrorKind::data, path, "vectors without numbers", "at least one dimension");
    const VectorFormat format =
        options.format == VectorFormat::automatic ? format_of_name(path) : options.format;
    if (format == VectorFormat::glove) return;
    if (!exact && !out.replaceable()) {
      spool.emplace();
    } else {
      first_line = header(options.expected_rows.value_or(0), dimension);
      out.write(first_line);
    }
  }

  void write(const Vocabulary& words, ConstRows vectors) {
    if (vectors.rows() != words.size() || vectors.cols() != dimension)
      throw Error(ErrorKind::config, "rows to write",
                  fmt::format("{} x {}", vectors.rows(), vectors.cols()),
                  fmt::format("{} x {}", words.size(), dimension));
    const Blocks tasks{
        static_cast<std::size_t>(vectors.rows()),
        std::max<std::size_t>(kNumbersPerTask / static_cast<std::size_t>(dimension), 1)};
    texts.resize(std::max(texts.size(), std::min(kTasksPerWave, tasks.count())));
    for (std::size_t first = 0; first < tasks.count(); first += kTasksPerWave) {
      const std::size_t count = std::min(kTasksPerWave, tasks.count() - first);
      parallel_for(count, [&](std::size_t i) {
        texts[i].format(path, words, vectors, tasks, first + i, options.precision);
      });
      for (std::size_t i = 0; i < count; ++i) write(texts[i].text());
      if (options.progress)
        options.progress({"write " + path, rows + tasks.begin(first), options.expected_rows.value_or(0)});
    }
    rows += static_cast<std::uint64_t>(vectors.rows());
  }

  void write(std::string_view text) {
    if (spool)
      spool->write(text);
    else
      out.write(text);
  }

  void close() {
    const std::string right = header(rows, dimension);
    if (spool) {
      out.write(right);
      spool->copy_to(out);
    } else if (!first_line.empty() && right != first_line) {
      out.replace_beginning(first_line.size(), right);
    }
    out.close();
  }

  WriteOptions options;
  std::string path;
  Eigen::Index dimension;
  OutputFile out;
  std::optional<Spool> spool;  // where a wrong header could not be replaced
  std::string first_line;      // what was written as header, empty if none was
  std::vector<RowText> texts;
  std::uint64_t rows = 0;
};

VectorWriter::VectorWriter(const std::string& path, Eigen::Index dimension,
                           const WriteOptions& options)
    : impl_(std::make_unique<Impl>(path, dimension, options, false)) {}
VectorWriter::VectorWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
VectorWriter::~VectorWriter() = default;
VectorWriter::VectorWriter(VectorWriter&&) noexcept = default;
VectorWriter& VectorWriter::operator=(VectorWriter&&) noexcept = default;

void VectorWriter::write(const Vocabulary& words, ConstRows rows) {
  impl_->write(words, rows);
}

void VectorWriter::close() {
  impl_->close();
}

void write_vectors(const std::string& path, const Embeddings& embeddings,
                   const WriteOptions& options) {
  WriteOptions counted = options;
  counted.expected_rows = static_cast<std::uint64_t>(embeddings.size());
  VectorWriter writer(
      std::make_unique<VectorWriter::Impl>(path, embeddings.dimension(), counted, true));
  writer.write(embeddings.words, embeddings.vectors);
  writer.close();
}

}  // namespace xalign
