#include "core/names.h"
#include "core/parallel_for.h"
#include "io/row_codec.h"
#include "io/store_file.h"
#include "io/store_index.h"
#include "linalg/int8_dot.h"
#include "linalg/int8_search.h"
#include "linalg/unit_row.h"

#include <xalign/error.h>
#include <xalign/store.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <limits>

namespace xalign {
namespace {

constexpr std::array<std::string_view, 3> kTypeNames{"f32", "f16", "int8"};
constexpr std::array<std::string_view, 4> kLabelNames{"language", "source", "licence",
                                                      "normalization"};
constexpr std::size_t kDecodedTogether = 512;
// With more queries, turning the rows into floats once costs less than multiplying whole numbers
// for each query alone.
constexpr Eigen::Index kFewQueries = 64;
static_assert(kInt8Reach <= 64, "the tail of the file can be read after its last row");

std::uint64_t from_hex(const StoreFile& file, const StoreJson& value) {
  const auto text = value.get<std::string>();
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (error != std::errc() || stop != text.data() + text.size())
    file.fail("a store with a damaged number");
  return number;
}

}  // namespace

std::string_view to_string(StoreType type) {
  return kTypeNames.at(static_cast<std::size_t>(type));
}

StoreType parse_store_type(std::string_view name) {
  const auto* found = std::find(kTypeNames.begin(), kTypeNames.end(), name);
  if (found != kTypeNames.end()) return static_cast<StoreType>(found - kTypeNames.begin());
  throw Error(ErrorKind::config, "type", fmt::format("'{}'", printable(name)),
              list_names(kTypeNames), did_you_mean(name, kTypeNames));
}

std::string& StoreLabels::operator[](std::string_view name) {
  std::array<std::string*, kLabelNames.size()> labels{&language, &source, &licence, &normalization};
  const auto* found = std::find(kLabelNames.begin(), kLabelNames.end(), name);
  if (found != kLabelNames.end())
    return *labels[static_cast<std::size_t>(found - kLabelNames.begin())];
  throw Error(ErrorKind::config, "label", fmt::format("'{}'", printable(name)),
              list_names(kLabelNames), did_you_mean(name, kLabelNames));
}

struct Store::Impl {
  explicit Impl(const std::string& path) : file(path) {
    try {
      read_header();
    } catch (const StoreJson::exception&) {
      file.fail("a store with a damaged header");
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::data) throw;
      file.fail("a store with a damaged header");  // a type of numbers that does not exist
    }
  }

  void read_header() {
    const StoreJson& header = file.header();
    words.count = file.to_unsigned(header.at("words"));
    dimension = static_cast<Eigen::Index>(file.to_unsigned(header.at("dimension")));
    type = parse_store_type(header.at("type").get<std::string>());
    if (words.count > static_cast<std::uint64_t>(std::numeric_limits<Index>::max()) ||
        dimension < 1 || dimension > std::numeric_limits<Index>::max())
      file.fail("a store with a number out of range");
    for (const std::string_view name : kLabelNames)
      labels[name] = header.at(std::string(name)).get<std::string>();
    fingerprints = read_fingerprints("fingerprints");
    kept_fingerprints = read_fingerprints("kept_fingerprints");

    const std::string_view name = type == StoreType::int8 ? "i8" : to_string(type);
    const StoreFile::Block found = file.block("rows", name);
    row_bytes = static_cast<std::size_t>(dimension) * number_bytes(type);
    if (found.bytes != words.count * row_bytes)
      file.fail("a store whose blocks do not fit together");
    rows = found.data;
    if (type == StoreType::int8) scales = file.numbers<float>("scales", "f32", words.count);
    lengths = file.numbers<float>("lengths", "f32", words.count);
    read_ngrams();
    read_means();
    const StoreFile::Block text = file.block("words.text", "u8");
    words.text = {text.data, text.bytes};
    words.ends = file.numbers<std::uint64_t>("words.ends", "u64", words.count);
    const StoreFile::Block slots = file.block("words.slots", "u32");
    words.slot_count = slots.bytes / sizeof(std::uint32_t);
    words.slots = reinterpret_cast<const std::uint32_t*>(slots.data);
    if (!std::has_single_bit(words.slot_count) || words.slot_count <= words.count)
      file.fail("a store whose blocks do not fit together");
  }

  void read_ngrams() {
    const auto found = file.header().find("ngrams");
    if (found == file.header().end()) return;
    const std::uint64_t buckets = file.to_unsigned(found->at("buckets")),
                        least = file.to_unsigned(found->at("min_length")),
                        most = file.to_unsigned(found->at("max_length"));
    constexpr std::uint64_t kMost = std::numeric_limits<std::int32_t>::max();
    if (buckets < 1 || buckets > kMost || least < 1 || least > kMost || most < 1 || most > kMost)
      file.fail("a store with a number out of range");
    ngrams = SubwordOptions{
        static_cast<int>(least), static_cast<int>(most), static_cast<std::uint32_t>(buckets),
        found->at("begin").get<std::string>(), found->at("end").get<std::string>()};
    const std::string_view name = type == StoreType::int8 ? "i8" : to_string(type);
    const StoreFile::Block block = file.block("ngrams.rows", name);
    if (block.bytes != buckets * row_bytes) file.fail("a store whose blocks do not fit together");
    ngram_rows = block.data;
    if (type == StoreType::int8)
      ngram_scales = file.numbers<float>("ngrams.scales", "f32", buckets);
  }

  void read_means() {
    const auto found = file.header().find("neighborhoods");
    if (found == file.header().end()) return;
    const std::uint64_t k = file.to_unsigned(found->at("k"));
    if (k < 1 || k > kMaxTopk) file.fail("a store with a number out of range");
    const auto* numbers = file.numbers<float>("neighborhoods.means", "f32", words.count);
    means = StoreMeans{static_cast<int>(k),
                       from_hex(file, found->at("with")),
                       {numbers, static_cast<std::size_t>(words.count)}};
  }

  void decode_bucket(std::uint32_t bucket, float* out) const {
    decode_row(type, ngram_rows + bucket * row_bytes,
               ngram_scales == nullptr ? 1 : ngram_scales[bucket], dimension, out);
    require_finite({out, static_cast<std::size_t>(dimension)}, "n-grams");
  }

  /// What a store is not written with: only a damaged one has it.
  void require_finite(std::span<const float> numbers, std::string_view of) const {
    if (!Eigen::Map<const RowVector>(numbers.data(), std::ssize(numbers)).allFinite())
      file.fail(fmt::format("a store with {} that are not finite", of));
  }

  Fingerprints read_fingerprints(const char* name) const {
    const StoreJson& pair = file.header().at(name);
    return {from_hex(file, pair.at("all")), from_hex(file, pair.at("head"))};
  }

  void decode(Index row, float* out) const {
    const auto i = static_cast<std::size_t>(row);
    decode_row(type, rows + i * row_bytes, scales == nullptr ? 1 : scales[i], dimension, out);
    require_finite({out, static_cast<std::size_t>(dimension)}, "numbers");
  }

  void read(Index first, Rows out, bool unit) const {
    check_range(first, out.rows());
    if (out.cols() != dimension)
      throw Error(ErrorKind::config, "rows", fmt::format("{} dimensions", out.cols()),
                  fmt::format("{}", dimension));
    const Blocks blocks{static_cast<std::size_t>(out.rows()), kDecodedTogether};
    parallel_for(blocks.count(), [&](std::size_t block) {
      for (std::size_t i = blocks.begin(block); i < blocks.begin(block) + blocks.length(block);
           ++i) {
        float* row = out.row(static_cast<Eigen::Index>(i)).data();
        decode(first + static_cast<Index>(i), row);
        if (unit) make_unit(row, dimension);
      }
    });
  }

  void check_range(Index first, Eigen::Index count) const {
    if (first < 0 ||
        static_cast<std::uint64_t>(first) + static_cast<std::uint64_t>(count) > words.count)
      throw Error(ErrorKind::config, "rows", fmt::format("{} to {}", first, first + count),
                  fmt::format("rows below {}", words.count));
  }

  StoreFile file;
  StoreWords words;
  Eigen::Index dimension = 0;
  StoreType type = StoreType::f32;
  StoreLabels labels;
  Fingerprints fingerprints, kept_fingerprints;
  std::size_t row_bytes = 0;
  const char* rows = nullptr;
  const float* scales = nullptr;
  const float* lengths = nullptr;
  std::optional<SubwordOptions> ngrams;
  const char* ngram_rows = nullptr;
  const float* ngram_scales = nullptr;
  std::optional<StoreMeans> means;
};

Store::Store(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

Index Store::size() const {
  return static_cast<Index>(impl_->words.count);
}
Eigen::Index Store::dimension() const {
  return impl_->dimension;
}
StoreType Store::type() const {
  return impl_->type;
}
const StoreLabels& Store::labels() const {
  return impl_->labels;
}
const Fingerprints& Store::fingerprints() const {
  return impl_->fingerprints;
}
std::uint64_t Store::file_bytes() const {
  return impl_->file.file_bytes();
}

const Fingerprints& Store::kept_fingerprints() const {
  return impl_->kept_fingerprints;
}

std::string_view Store::operator[](Index row) const {
  return impl_->words.word(static_cast<std::uint64_t>(row));
}

std::optional<Index> Store::find(std::string_view word) const {
  return impl_->words.find(word);
}

std::optional<StoreMeans> Store::neighborhood_means() const {
  return impl_->means;
}

std::optional<NgramTable> Store::ngram_table() const {
  if (!impl_->ngrams) return std::nullopt;
  const auto read = [impl = impl_.get()](std::uint32_t first, Rows rows) {
    for (Eigen::Index i = 0; i < rows.rows(); ++i)
      impl->decode_bucket(first + static_cast<std::uint32_t>(i), rows.row(i).data());
  };
  return NgramTable{*impl_->ngrams, dimension(), read};
}

bool Store::find_vector(std::string_view word, Eigen::Ref<RowVector> vector) const {
  if (const auto row = find(word)) {
    impl_->decode(*row, vector.data());
    return true;
  }
  vector.setZero();
  if (!impl_->ngrams) return false;
  RowVector part(dimension());
  const std::vector<std::uint32_t> buckets = find_ngram_buckets(word, *impl_->ngrams);
  for (const std::uint32_t bucket : buckets) {
    impl_->decode_bucket(bucket, part.data());
    vector += part;
  }
  if (!buckets.empty()) vector *= 1 / static_cast<float>(buckets.size());
  return !buckets.empty();
}

void Store::read_row(Index row, float* numbers) const {
  impl_->check_range(row, 1);
  impl_->decode(row, numbers);
}

void Store::read(Index first, Rows rows) const {
  impl_->read(first, rows, false);
}

void Store::read_unit(Index first, Rows rows) const {
  impl_->read(first, rows, true);
}

Matrix Store::gather(std::span<const Index> rows) const {
  Matrix gathered(static_cast<Eigen::Index>(rows.size()), dimension());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    impl_->check_range(rows[i], 1);
    impl_->decode(rows[i], gathered.row(static_cast<Eigen::Index>(i)).data());
  }
  return gathered;
}

RowBlocks Store::unit_rows() const {
  const Impl* impl = impl_.get();
  RowBlocks blocks{.rows = size(), .dimension = dimension()};
  blocks.read = [impl](Eigen::Index first, Rows out) {
    impl->read(static_cast<Index>(first), out, true);
  };
  if (type() == StoreType::int8)
    blocks.search = [impl](ConstRows queries, const TopkOptions& options, TopkLists& lists) {
      if (queries.rows() > kFewQueries) return false;
      impl->require_finite({impl->scales, impl->words.count}, "scales");
      impl->require_finite({impl->lengths, impl->words.count}, "lengths");
      lists = find_topk_int8(queries,
                             {.values = reinterpret_cast<const std::int8_t*>(impl->rows),
                              .scales = impl->scales,
                              .lengths = impl->lengths,
                              .count = static_cast<Eigen::Index>(impl->words.count),
                              .dimension = impl->dimension},
                             options);
      return true;
    };
  return blocks;
}

TopkLists Store::neighbors(ConstRows queries, const TopkOptions& options) const {
  return find_topk(queries, unit_rows(), options);
}

void Store::release(Index first, Index count) const {
  impl_->check_range(first, count);
  impl_->file.release({impl_->rows + static_cast<std::size_t>(first) * impl_->row_bytes,
                       static_cast<std::size_t>(count) * impl_->row_bytes});
}

void Store::verify() const {
  impl_->file.verify();
}

bool is_store_file(const std::string& path) {
  // A pipe could not be read again.
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  std::string start(8, '\0');
  std::ifstream file(path, std::ios::binary);
  return file.read(start.data(), 8) && is_store(start);
}

}  // namespace xalign
