#include "core/names.h"
#include "core/parallel_for.h"
#include "io/compression.h"
#include "io/format_float.h"
#include "io/output_file.h"

#include <xalign/error.h>
#include <xalign/parallel.h>
#include <xalign/text.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace xalign {
namespace {

constexpr std::size_t kRowsPerTask = 128;
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
                fmt::format("cannot write: {}", std::strerror(errno)), {},
                "free some space, or name an output file instead of -");
  }

  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

void check_word(std::string_view word) {
  if (word.empty() || word.find_first_of(" \t\n\r") != std::string_view::npos)
    throw Error(ErrorKind::data, fmt::format("word '{}'", printable(word)),
                word.empty() ? "empty" : "holds a blank or a line end",
                "words without them in a text file", "rename it");
}

/// The text of consecutive rows.
std::string format_rows(const Vocabulary& words, ConstRows rows, Eigen::Index begin,
                        Eigen::Index count, int precision) {
  std::string text;
  for (Eigen::Index i = begin; i < begin + count; ++i) {
    const std::string_view word = words[static_cast<Index>(i)];
    check_word(word);
    text += word;
    const std::size_t start = text.size();
    text.resize(start + static_cast<std::size_t>(rows.cols()) * (kLongestFloat + 1) + 1);
    char* out = text.data() + start;
    for (Eigen::Index j = 0; j < rows.cols(); ++j) {
      const float value = rows(i, j);
      if (!std::isfinite(value))
        throw Error(ErrorKind::numeric, fmt::format("vector of '{}'", printable(word)),
                    fmt::format("number {} is {}", j + 1, value), "finite numbers");
      *out++ = ' ';
      out = precision < 0 ? format_shortest(out, value) : format_fixed(out, value, precision);
    }
    *out++ = '\n';
    text.resize(static_cast<std::size_t>(out - text.data()));
  }
  return text;
}

}  // namespace

void WriteOptions::validate() const {
  if (precision < -1 || precision > 9)
    throw Error(ErrorKind::config, "--precision", fmt::format("{}", precision), "0 to 9");
}

struct VectorWriter::Impl {
  Impl(const std::string& path, Eigen::Index columns, const WriteOptions& write_options)
      : options(write_options), dimension(columns), out(path) {
    options.validate();
    const VectorFormat format =
        options.format == VectorFormat::automatic ? format_of_name(path) : options.format;
    with_header = format == VectorFormat::vec;
    if (!with_header) return;
    if (out.replaceable()) {
      first_line = header(options.expected_rows.value_or(0), dimension);
      out.write(first_line);
    } else {
      spool.emplace();
    }
  }

  void write(std::string_view text) {
    if (spool)
      spool->write(text);
    else
      out.write(text);
  }

  void close() {
    if (spool) {
      out.write(header(rows, dimension));
      spool->copy_to(out);
    } else if (with_header) {
      const std::string right = header(rows, dimension);
      if (right != first_line) out.replace_beginning(first_line.size(), right);
    }
    out.close();
  }

  WriteOptions options;
  Eigen::Index dimension;
  OutputFile out;
  std::optional<Spool> spool;
  bool with_header = false;
  std::string first_line;
  std::uint64_t rows = 0;
};

VectorWriter::VectorWriter(const std::string& path, Eigen::Index dimension,
                           const WriteOptions& options)
    : impl_(std::make_unique<Impl>(path, dimension, options)) {}
VectorWriter::~VectorWriter() = default;
VectorWriter::VectorWriter(VectorWriter&&) noexcept = default;
VectorWriter& VectorWriter::operator=(VectorWriter&&) noexcept = default;

void VectorWriter::write(const Vocabulary& words, ConstRows rows) {
  if (rows.rows() != words.size() || rows.cols() != impl_->dimension)
    throw Error(ErrorKind::config, "rows to write",
                fmt::format("{} x {}", rows.rows(), rows.cols()),
                fmt::format("{} x {}", words.size(), impl_->dimension));
  const Blocks tasks{static_cast<std::size_t>(rows.rows()), kRowsPerTask};
  std::vector<std::string> texts(std::min(kTasksPerWave, tasks.count()));
  for (std::size_t first = 0; first < tasks.count(); first += kTasksPerWave) {
    const std::size_t count = std::min(kTasksPerWave, tasks.count() - first);
    parallel_for(count, [&](std::size_t i) {
      texts[i] =
          format_rows(words, rows, static_cast<Eigen::Index>(tasks.begin(first + i)),
                      static_cast<Eigen::Index>(tasks.length(first + i)), impl_->options.precision);
    });
    for (std::size_t i = 0; i < count; ++i) impl_->write(texts[i]);
  }
  impl_->rows += static_cast<std::uint64_t>(rows.rows());
}

void VectorWriter::close() {
  impl_->close();
}

void write_vectors(const std::string& path, const Embeddings& embeddings,
                   const WriteOptions& options) {
  WriteOptions exact = options;
  exact.expected_rows = static_cast<std::uint64_t>(embeddings.size());
  VectorWriter writer(path, embeddings.dimension(), exact);
  writer.write(embeddings.words, embeddings.vectors);
  writer.close();
}

}  // namespace xalign
