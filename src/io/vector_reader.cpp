#include "core/progress_meter.h"
#include "io/vector_formats.h"

#include <xalign/error.h>
#include <xalign/script.h>
#include <xalign/text.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <sys/mman.h>
#include <utility>

namespace xalign {
namespace {

/// Asks for large pages: fewer to fault in, one by one, while rows are written for the first time.
void prefer_large_pages(Matrix& vectors) {
#ifdef MADV_HUGEPAGE
  constexpr std::uintptr_t kPage = std::uintptr_t{2} << 20;
  const auto begin = (reinterpret_cast<std::uintptr_t>(vectors.data()) + kPage - 1) / kPage * kPage;
  const auto end =
      reinterpret_cast<std::uintptr_t>(vectors.data() + vectors.size()) / kPage * kPage;
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#else
  (void)vectors;
#endif
}

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

  ReadOptions options;
  std::unique_ptr<RowSource> source;
  ReadReport report;
  Vocabulary words;  // of all batches

 private:
  std::unique_ptr<RowSource> open(const std::string& path);
  bool read_block(Embeddings& batch, Vocabulary& seen);
  /// Has what goes wrong in a file that looks like another format than was asked for told as that.
  template <class Action>
  auto doubt_format(const Action& action) const;
  void take_rows(const RowBlock& block, Embeddings& batch, Vocabulary& seen);
  void check_word(const FoundRow& found);
  bool is_selected(const FoundRow& found) const;
  bool selects() const { return options.vocabulary || options.min_count > 0 || script_; }
  /// Words that are kept at most; 0 = no limit.
  Index most_kept() const;

  std::string name_;
  const VectorFormatEntry* rather_ = nullptr;  // what it looks like, if not as was asked for
  std::optional<Script> script_;
  Index kept_ = 0;
  bool ended_ = false;
  std::string task_;
  std::optional<ProgressMeter> meter_;
  std::uint64_t told_ = 0;  // bytes the meter knows of
};

VectorReader::Impl::Impl(const std::string& path, const ReadOptions& read_options)
    : options(read_options) {
  source = open(path);
  const VectorFileInfo& info = source->info();
  report.format = info.format;
  report.compression = info.compression;
  if (!options.script.empty()) script_.emplace(options.script);
  if (options.min_count > 0 && !info.has_counts)
    throw Error(ErrorKind::config, "min_count",
                fmt::format("{} is {}, which holds no counts", info.name, to_string(info.format)),
                "a fastText model (.bin)", "select words with --vocab or --max-vocab");
  task_ = "read " + info.name;
  meter_.emplace(options.progress, task_, info.file_bytes);
}

template <class Action>
auto VectorReader::Impl::doubt_format(const Action& action) const {
  try {
    return action();
  } catch (const Error& error) {
    if (rather_ == nullptr || error.kind() != ErrorKind::data) throw;
    throw Error(ErrorKind::data, name_, fmt::format("what looks like {}", rather_->name),
                fmt::format("{}, as --format says", to_string(options.format)),
                "leave --format out, or name the right one");
  }
}

std::unique_ptr<RowSource> VectorReader::Impl::open(const std::string& path) {
  options.validate();
  std::unique_ptr<ByteInput> input = ByteInput::open(path);
  const VectorFormatEntry& found = recognise_format(*input);
  if (options.format == VectorFormat::automatic) return found.open(std::move(input), options);
  const VectorFormatEntry& asked = entry_of(options.format);
  name_ = input->name();
  if (found.format != asked.format && found.recognise(*input)) rather_ = &found;
  return doubt_format([&] { return asked.open(std::move(input), options); });
}

void VectorReader::Impl::reserve(Embeddings& batch) const {
  std::uint64_t rows = source->certain_rows();
  if (most_kept() > 0) rows = std::min(rows, static_cast<std::uint64_t>(most_kept()));
  rows = std::min(rows, kMostWords);
  batch.words.reserve(static_cast<Index>(rows));
  batch.vectors.resize(static_cast<Eigen::Index>(rows), source->info().dimension);
  prefer_large_pages(batch.vectors);
}

bool VectorReader::Impl::read(Embeddings& batch, Vocabulary& seen) {
  return doubt_format([&] { return read_block(batch, seen); });
}

bool VectorReader::Impl::read_block(Embeddings& batch, Vocabulary& seen) {
  if (ended_) return false;
  if (batch.size() > 0 && batch.dimension() != source->info().dimension)
    throw Error(ErrorKind::config, "batch", fmt::format("{} dimensions", batch.dimension()),
                fmt::format("{}", source->info().dimension));
  // Rows that are not selected do not count.
  const Index missing = options.max_vocab == 0 || selects() ? 0 : options.max_vocab - kept_;
  const RowBlock block =
      source->next(batch.vectors, batch.size(), static_cast<std::uint64_t>(missing));
  meter_->add(source->bytes_read() - told_);
  told_ = source->bytes_read();
  take_rows(block, batch, seen);
  if (ended_) return true;
  if (block.error) throw *block.error;
  ended_ = block.rows.empty();
  return !ended_;
}

void VectorReader::Impl::take_rows(const RowBlock& block, Embeddings& batch, Vocabulary& seen) {
  const bool apart = &seen != &batch.words;
  for (const FoundRow& found : block.rows) {
    check_word(found);
    ++report.rows;
    if (!is_selected(found)) {
      ++report.left_out;
      continue;
    }
    if (!seen.insert(found.word).second) {
      if (report.duplicates++ == 0) {
        report.first_duplicate = found.word;
        report.first_duplicate_place = source->where(found.place);
      }
      continue;
    }
    if (apart) batch.words.insert(found.word);
    report.zero_vectors += found.zero ? 1 : 0;
    const Eigen::Index kept = batch.size() - 1;
    if (found.row != kept) batch.vectors.row(kept) = batch.vectors.row(found.row);
    if (++kept_ != most_kept()) continue;
    ended_ = true;
    report.stopped_early = &found != &block.rows.back() || block.error || source->has_more();
    return;
  }
}

bool VectorReader::Impl::is_selected(const FoundRow& found) const {
  return found.count >= options.min_count &&
         (!options.vocabulary || options.vocabulary->find(found.word)) &&
         (!script_ || script_->holds(found.word));
}

Index VectorReader::Impl::most_kept() const {
  const Index listed = options.vocabulary ? options.vocabulary->size() : 0;
  if (listed == 0 || options.max_vocab == 0) return std::max(listed, options.max_vocab);
  return std::min(listed, options.max_vocab);
}

void VectorReader::Impl::check_word(const FoundRow& found) {
  if (is_utf8(found.word)) return;
  const std::string place = source->where(found.place);
  if (options.strict)
    throw Error(ErrorKind::data, place,
                fmt::format("the word '{}' is not UTF-8", printable(found.word)), "UTF-8",
                "correct it, or read without --strict");
  if (report.bad_utf8++ == 0) report.first_bad_utf8_place = place;
}

VectorReader::VectorReader(const std::string& path, const ReadOptions& options)
    : impl_(std::make_unique<Impl>(path, options)) {}
VectorReader::~VectorReader() = default;
VectorReader::VectorReader(VectorReader&&) noexcept = default;
VectorReader& VectorReader::operator=(VectorReader&&) noexcept = default;

const VectorFileInfo& VectorReader::info() const {
  return impl_->source->info();
}

bool VectorReader::read(Embeddings& batch) {
  // Lines become rows before it is known which of them stay.
  const auto drop_spare_rows = [&] {
    batch.vectors.conservativeResize(batch.size(), info().dimension);
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
  result.embeddings.vectors.conservativeResize(result.embeddings.size(), reader.info().dimension);
  result.report = reader.report();
  return result;
}

}  // namespace xalign
