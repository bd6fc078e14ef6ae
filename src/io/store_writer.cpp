#include "core/hash.h"
#include "core/parallel_for.h"
#include "io/compression.h"
#include "io/row_codec.h"
#include "io/store_file.h"
#include "io/store_index.h"
#include "linalg/unit_row.h"

#include <xalign/error.h>
#include <xalign/store.h>
#include <xalign/text.h>
#include <xalign/version.h>

#include <fmt/format.h>

#include <cmath>

namespace xalign {
namespace {

// Encoded together: large enough for all threads, small enough to count for nothing.
constexpr std::size_t kWaveBytes = std::size_t{4} << 20;

Eigen::Index rows_at_once(std::size_t row_bytes) {
  return std::max<Eigen::Index>(1, static_cast<Eigen::Index>(kWaveBytes / row_bytes));
}

/// Fingerprints of rows as they come.
struct RunningFingerprints {
  explicit RunningFingerprints(Eigen::Index dimension) : all(dimension), head(dimension) {}

  void add(std::string_view word, const float* row) {
    if (count++ < kHeadWords) head.add(word, row);
    all.add(word, row);
  }

  Fingerprint all, head;
  std::int64_t count = 0;
};

StoreJson to_json(const RunningFingerprints& fingerprints) {
  StoreJson json;
  json["all"] = fmt::format("{:016x}", fingerprints.all.value());
  json["head"] = fmt::format("{:016x}", fingerprints.head.value());
  return json;
}

}  // namespace

struct StoreWriter::Impl {
  Impl(const std::string& name, Eigen::Index columns, const StoreOptions& store_options)
      : path(name),
        dimension(columns),
        options(store_options),
        row_bytes(static_cast<std::size_t>(columns) * number_bytes(store_options.type)),
        file(checked_name(name)),
        given(columns),
        kept(columns),
        decoded(static_cast<std::size_t>(columns)) {
    if (dimension < 1)
      throw Error(ErrorKind::data, path, "vectors without numbers", "at least one dimension");
    if (options.subwords) ngrams = options.subwords->ngram_table();
    if (options.subwords && (!ngrams || ngrams->dimension != dimension))
      throw Error(ErrorKind::config, "subwords", "a model without n-grams that a store can hold",
                  "a fastText model with n-grams of as many dimensions");
    file.begin("rows", options.type == StoreType::int8 ? "i8" : to_string(options.type));
  }

  static const std::string& checked_name(const std::string& path) {
    if (without_compression_suffix(path).size() != path.size())
      throw Error(ErrorKind::config, path, "a store that would be compressed",
                  "a name that ends in .xvec", "a compressed file cannot be mapped into memory");
    return path;
  }

  void write(const Vocabulary& words, Index first, ConstRows rows) {
    if (rows.cols() != dimension || rows.rows() > words.size() - first)
      throw Error(ErrorKind::config, "rows to write",
                  fmt::format("{} x {}", rows.rows(), rows.cols()),
                  fmt::format("{} x {}", words.size() - first, dimension));
    const Eigen::Index wave = rows_at_once(row_bytes);
    for (Eigen::Index begin = 0; begin < rows.rows(); begin += wave)
      write_wave(words, first + static_cast<Index>(begin),
                 rows.middleRows(begin, std::min(wave, rows.rows() - begin)));
  }

  void write_wave(const Vocabulary& words, Index first, ConstRows rows) {
    const auto count = static_cast<std::size_t>(rows.rows());
    bytes.resize(count * row_bytes);
    const std::size_t before = ends.size();
    scales.resize(before + count);
    lengths.resize(before + count);
    constexpr std::size_t kTask = 256;
    const Blocks tasks{count, kTask};
    parallel_for(tasks.count(), [&](std::size_t task) {
      std::vector<float> numbers(static_cast<std::size_t>(dimension));
      for (std::size_t i = tasks.begin(task); i < tasks.begin(task) + tasks.length(task); ++i) {
        const float* row = rows.row(static_cast<Eigen::Index>(i)).data();
        char* out = bytes.data() + i * row_bytes;
        const float scale = encode_row(options.type, row, dimension, out);
        decode_row(options.type, out, scale, dimension, numbers.data());
        scales[before + i] = scale;
        // Of numbers that are not finite, encoding may have made others.
        const bool finite = Eigen::Map<const RowVector>(row, dimension).allFinite();
        const double square =
            finite ? exact_dot(numbers.data(), numbers.data(), dimension) : std::nan("");
        lengths[before + i] = static_cast<float>(std::sqrt(square));
      }
    });
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view word = words[first + static_cast<Index>(i)];
      const float* row = rows.row(static_cast<Eigen::Index>(i)).data();
      if (!std::isfinite(lengths[before + i])) refuse(word, row);
      given.add(word, row);
      if (options.type != StoreType::f32) {
        decode_row(options.type, bytes.data() + i * row_bytes, scales[before + i], dimension,
                   decoded.data());
        kept.add(word, decoded.data());
      }
      text += word;
      ends.push_back(text.size());
    }
    if (options.neighborhoods.k > 0) add_means(count, before);
    file.append(bytes);
  }

  /// Of the rows of a wave, as they are read back.
  void add_means(std::size_t count, std::size_t before) {
    Matrix unit(static_cast<Eigen::Index>(count), dimension);
    for (std::size_t i = 0; i < count; ++i) {
      float* row = unit.row(static_cast<Eigen::Index>(i)).data();
      decode_row(options.type, bytes.data() + i * row_bytes, scales[before + i], dimension, row);
      make_unit(row, dimension);
    }
    const std::vector<float> some = options.neighborhoods.means(unit);
    means.insert(means.end(), some.begin(), some.end());
  }

  [[noreturn]] void refuse(std::string_view word, const float* row) const {
    Eigen::Index j = 0;
    Eigen::Map<const RowVector>(row, dimension).cwiseAbs().maxCoeff<Eigen::PropagateNaN>(&j);
    const bool finite = std::isfinite(row[j]);
    throw Error(ErrorKind::numeric, path,
                fmt::format("number {} of '{}' is {}", j + 1, printable(word), row[j]),
                finite ? "numbers that fit" : "finite numbers",
                finite ? "normalise the rows, or write f32" : "");
  }

  void finish() {
    const auto count = static_cast<std::uint64_t>(ends.size());
    file.end({count, static_cast<std::uint64_t>(dimension)});
    bytes = {};
    if (options.type == StoreType::int8) file.add("scales", "f32", scales);
    file.add("lengths", "f32", lengths);
    std::vector<std::uint32_t> slots;
    const StoreWords words{text, ends.data(), nullptr, count, 0};
    if (const auto twice = fill_slots(words, slots))
      throw Error(ErrorKind::data, path,
                  fmt::format("the word '{}' twice", printable(words.word(*twice))), "words once");
    file.begin("words.text", "u8");
    file.append(text);
    file.end({text.size()});
    file.add("words.ends", "u64", ends, true);
    file.add("words.slots", "u32", slots, true);
    StoreJson header;
    if (ngrams) write_ngrams();
    if (options.neighborhoods.k > 0) file.add("neighborhoods.means", "f32", means);
    header["format"] = "xalign store";
    header["xalign"] = XALIGN_VERSION;
    header["words"] = count;
    header["dimension"] = dimension;
    header["type"] = to_string(options.type);
    header["language"] = options.labels.language;
    header["source"] = options.labels.source;
    header["licence"] = options.labels.licence;
    header["normalization"] = options.labels.normalization;
    if (options.neighborhoods.k > 0)
      header["neighborhoods"] = {{"k", options.neighborhoods.k},
                                 {"with", fmt::format("{:016x}", options.neighborhoods.with)}};
    if (ngrams)
      header["ngrams"] = {{"min_length", ngrams->options.min_length},
                          {"max_length", ngrams->options.max_length},
                          {"buckets", ngrams->options.buckets},
                          {"begin", ngrams->options.begin_mark},
                          {"end", ngrams->options.end_mark}};
    header["fingerprints"] = to_json(given);
    header["kept_fingerprints"] = to_json(options.type == StoreType::f32 ? given : kept);
    file.finish(std::move(header));
  }

  void write_ngrams() {
    const std::uint32_t buckets = ngrams->options.buckets;
    std::vector<float> bucket_scales(buckets);
    file.begin("ngrams.rows", options.type == StoreType::int8 ? "i8" : to_string(options.type));
    const auto wave = static_cast<std::uint32_t>(rows_at_once(row_bytes));
    Matrix rows;
    for (std::uint32_t first = 0; first < buckets;) {
      const std::uint32_t count = std::min(wave, buckets - first);
      rows.resize(count, dimension);
      ngrams->read(first, rows);
      bytes.resize(count * row_bytes);
      for (std::uint32_t i = 0; i < count; ++i) {
        // What does not fit into 16 bits becomes infinite.
        constexpr float kLargestHalf = 65504;
        const float most = rows.row(i).cwiseAbs().maxCoeff<Eigen::PropagateNaN>();
        if (!std::isfinite(most) || (options.type == StoreType::f16 && most > kLargestHalf))
          throw Error(ErrorKind::numeric, path,
                      fmt::format("a number of n-gram bucket {} is {}", first + i, most),
                      "finite numbers that fit");
        bucket_scales[first + i] =
            encode_row(options.type, rows.row(i).data(), dimension, bytes.data() + i * row_bytes);
      }
      file.append(bytes);
      first += count;
    }
    file.end({buckets, static_cast<std::uint64_t>(dimension)});
    bytes = {};
    if (options.type == StoreType::int8) file.add("ngrams.scales", "f32", bucket_scales);
  }

  std::string path;
  Eigen::Index dimension;
  StoreOptions options;
  std::size_t row_bytes;
  StoreFileWriter file;
  RunningFingerprints given, kept;
  std::vector<float> decoded;
  std::optional<NgramTable> ngrams;
  std::string bytes;  // of a wave of rows
  std::string text;   // of all words
  std::vector<std::uint64_t> ends;
  std::vector<float> scales, lengths, means;
};

StoreWriter::StoreWriter(const std::string& path, Eigen::Index dimension,
                         const StoreOptions& options)
    : impl_(std::make_unique<Impl>(path, dimension, options)) {}
StoreWriter::~StoreWriter() = default;
StoreWriter::StoreWriter(StoreWriter&&) noexcept = default;
StoreWriter& StoreWriter::operator=(StoreWriter&&) noexcept = default;

void StoreWriter::write(const Vocabulary& words, Index first, ConstRows rows) {
  impl_->write(words, first, rows);
}

void StoreWriter::finish() {
  impl_->finish();
}

void StoreWriter::commit() {
  impl_->file.commit();
}

void StoreWriter::close() {
  finish();
  commit();
}

}  // namespace xalign
