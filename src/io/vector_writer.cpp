#include "core/parallel_for.h"
#include "io/vector_formats.h"

#include <xalign/error.h>
#include <xalign/text.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

constexpr std::size_t kNumbersPerTask = std::size_t{1} << 14;
// A wave is written in about a second at most, compressed or not, so that it can be stopped.
constexpr std::size_t kTasksPerWave = 16;

/// "words without blanks or line ends".
std::string words_without(std::string_view forbidden) {
  std::string text = "words without ";
  if (forbidden.find(' ') != std::string_view::npos) text += "blanks or ";
  text += "line ends";
  if (forbidden.find('\0') != std::string_view::npos) text += " or zero bytes";
  return text;
}

std::optional<Error> find_fault(const std::string& path, std::string_view word, const RowSink& sink,
                                const float* numbers, Eigen::Index count) {
  const std::string_view forbidden = sink.forbidden();
  if (word.empty() || word.find_first_of(forbidden) != std::string_view::npos)
    return Error(
        ErrorKind::data, path,
        word.empty() ? std::string("an empty word") : fmt::format("the word '{}'", printable(word)),
        words_without(forbidden), "rename it");
  if (word.size() > sink.longest_word())
    return Error(ErrorKind::data, path,
                 fmt::format("a word of {} bytes, '{}'", word.size(), printable(word)),
                 fmt::format("at most {}", sink.longest_word()), "rename it");
  const float* bad =
      std::find_if(numbers, numbers + count, [](float x) { return !std::isfinite(x); });
  if (bad == numbers + count) return std::nullopt;
  return Error(ErrorKind::numeric, path,
               fmt::format("number {} of '{}' is {}", bad - numbers + 1, printable(word), *bad),
               "finite numbers");
}

}  // namespace

void WriteOptions::validate() const {
  if (precision < -1 || precision > 9)
    throw Error(ErrorKind::config, "precision", fmt::format("{}", precision), "0 to 9");
}

VectorFormat output_format(const std::string& path, VectorFormat asked) {
  const VectorFormatEntry& entry =
      asked == VectorFormat::automatic ? format_of_name(path) : entry_of(asked);
  if (entry.create == nullptr)
    throw Error(ErrorKind::config, path, fmt::format("{} cannot be written", entry.name),
                "another format", "name one with --to");
  return entry.format;
}

struct VectorWriter::Impl {
  /// @param exact  whether the expected number of rows is certain
  Impl(const std::string& name, Eigen::Index columns, const WriteOptions& write_options, bool exact)
      : options(write_options), path(name), dimension(columns) {
    options.validate();
    if (dimension < 1)
      throw Error(ErrorKind::data, path, "vectors without numbers", "at least one dimension");
    const VectorFormatEntry& entry = entry_of(output_format(path, options.format));
    sink = entry.create({path, dimension, entry.format, options, exact});
  }

  void write(const Vocabulary& words, ConstRows vectors) {
    if (vectors.rows() != words.size() || vectors.cols() != dimension)
      throw Error(ErrorKind::config, "rows to write",
                  fmt::format("{} x {}", vectors.rows(), vectors.cols()),
                  fmt::format("{} x {}", words.size(), dimension));
    const std::size_t rows_per_task =
        std::max<std::size_t>(kNumbersPerTask / static_cast<std::size_t>(dimension), 1);
    const Blocks waves{static_cast<std::size_t>(vectors.rows()), rows_per_task * kTasksPerWave};
    for (std::size_t i = 0; i < waves.count(); ++i) {
      const auto first = static_cast<Index>(waves.begin(i));
      ConstRows some = vectors.middleRows(first, static_cast<Eigen::Index>(waves.length(i)));
      check(words, first, some, rows_per_task);
      sink->write(words, first, some);
      rows += waves.length(i);
      if (options.progress)
        options.progress({"write " + path, rows, options.expected_rows.value_or(0)});
    }
  }

  /// @throws Error about the first bad row
  void check(const Vocabulary& words, Index first, ConstRows vectors,
             std::size_t rows_per_task) const {
    const Blocks tasks{static_cast<std::size_t>(vectors.rows()), rows_per_task};
    std::vector<std::optional<Error>> faults(tasks.count());
    parallel_for(tasks.count(), [&](std::size_t task) {
      for (std::size_t i = 0; i < tasks.length(task) && !faults[task]; ++i) {
        const std::size_t row = tasks.begin(task) + i;
        faults[task] = find_fault(path, words[first + static_cast<Index>(row)], *sink,
                                  vectors.row(static_cast<Eigen::Index>(row)).data(), dimension);
      }
    });
    for (const std::optional<Error>& fault : faults)
      if (fault) throw *fault;
  }

  WriteOptions options;
  std::string path;
  Eigen::Index dimension;
  std::unique_ptr<RowSink> sink;
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

void VectorWriter::finish() {
  impl_->sink->finish();
}

void VectorWriter::commit() {
  impl_->sink->commit();
}

void VectorWriter::close() {
  finish();
  commit();
}

VectorWriter prepare_vectors(const std::string& path, const Embeddings& embeddings,
                             const WriteOptions& options) {
  WriteOptions counted = options;
  counted.expected_rows = static_cast<std::uint64_t>(embeddings.size());
  VectorWriter writer(
      std::make_unique<VectorWriter::Impl>(path, embeddings.dimension(), counted, true));
  writer.write(embeddings.words, embeddings.vectors);
  writer.finish();
  return writer;
}

void write_vectors(const std::string& path, const Embeddings& embeddings,
                   const WriteOptions& options) {
  prepare_vectors(path, embeddings, options).commit();
}

}  // namespace xalign
