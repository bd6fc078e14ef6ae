#include "io/fasttext_file.h"

#include "io/vector_header.h"

#include <xalign/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace xalign {
namespace {

using namespace std::string_view_literals;

constexpr auto kMagic = "\xba\x16\x4f\x2f"sv;
constexpr std::int32_t kOldVersion = 11, kNewVersion = 12;
constexpr std::int32_t kSupervised = 3;
constexpr std::size_t kLeastEntry = 1 + 8 + 1;
constexpr std::string_view kSentenceEnd = "</s>";

}  // namespace

/// Walks through the bytes; every step is checked.
class FastTextFile::Cursor {
 public:
  explicit Cursor(const FastTextFile& file) : file_(file) {}

  template <class Number>
  Number take() {
    Number number{};
    require(sizeof number);
    std::memcpy(&number, file_.bytes_.data() + at_, sizeof number);
    at_ += sizeof number;
    return number;
  }

  std::string_view take_word() {
    const std::size_t end = file_.bytes_.find('\0', at_);
    if (end == std::string_view::npos) require(left() + 1);
    const std::string_view word = file_.bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return word;
  }

  void skip(std::uint64_t bytes) {
    require(bytes);
    at_ += bytes;
  }

  std::size_t left() const { return file_.bytes_.size() - at_; }
  std::size_t position() const { return at_; }

  void require(std::uint64_t bytes) const {
    if (bytes > left())
      throw Error(ErrorKind::data, file_.input_->name(), "a fastText model that is cut short",
                  fmt::format("{} bytes or more", at_ + bytes), "get the file again");
  }

 private:
  const FastTextFile& file_;
  std::size_t at_ = 0;
};

FastTextFile::FastTextFile(std::unique_ptr<ByteInput> input) : input_(std::move(input)) {
  if (!is_fasttext(input_->peek(kMagic.size())))
    throw Error(ErrorKind::data, input_->name(), "no fastText model",
                "a .bin file as the fasttext program writes it",
                "only fastText and floret files hold n-grams");
  bytes_ = input_->peek(std::numeric_limits<std::size_t>::max());
  Cursor cursor(*this);
  cursor.take<std::int32_t>();
  const auto version = cursor.take<std::int32_t>();
  if (version != kOldVersion && version != kNewVersion)
    throw Error(ErrorKind::data, input_->name(),
                fmt::format("a fastText model of version {}", version),
                fmt::format("{} or {}", kOldVersion, kNewVersion), "is the file damaged?");
  read_arguments(cursor);
  // Classifiers of that version had no n-grams, whatever was set.
  if (version == kOldVersion && supervised_) subwords_.max_length = 0;
  read_dictionary(cursor);
  read_matrix(cursor);
  check_output_matrix(cursor);
}

void FastTextFile::read_arguments(Cursor& cursor) {
  const auto dimension = cursor.take<std::int32_t>();
  for (int skipped = 0; skipped < 6; ++skipped) cursor.take<std::int32_t>();
  supervised_ = cursor.take<std::int32_t>() == kSupervised;
  const auto buckets = cursor.take<std::int32_t>();
  subwords_.min_length = std::max(cursor.take<std::int32_t>(), 1);
  subwords_.max_length = cursor.take<std::int32_t>();
  // No length lies between: the program finds no n-grams either.
  if (subwords_.min_length > subwords_.max_length) subwords_.max_length = 0;
  cursor.take<std::int32_t>();
  cursor.take<double>();
  if (dimension < 1 || dimension > kLargestDimension)
    fail(fmt::format("a fastText model of dimension {}", dimension));
  if (buckets < 0 || (buckets == 0 && subwords_.max_length > 0))
    fail(fmt::format("a fastText model of {} buckets", buckets));
  dimension_ = dimension;
  subwords_.buckets = static_cast<std::uint32_t>(buckets);
}

void FastTextFile::read_dictionary(Cursor& cursor) {
  const auto entries = cursor.take<std::int32_t>(), words = cursor.take<std::int32_t>(),
             labels = cursor.take<std::int32_t>();
  cursor.take<std::int64_t>();
  const auto pruned = cursor.take<std::int64_t>();
  if (entries < 0 || words < 0 || labels < 0 || std::int64_t{words} + labels != entries)
    fail(fmt::format("a fastText model of {} words and {} labels", words, labels));
  if (words == 0) fail("a fastText model without words");
  if (pruned >= 0)
    throw Error(ErrorKind::data, input_->name(), "a pruned fastText model", "a full model (.bin)",
                "use the .bin file it was made of");
  cursor.require(static_cast<std::uint64_t>(entries) * kLeastEntry);
  words_.reserve(static_cast<std::size_t>(words));
  counts_.reserve(static_cast<std::size_t>(words));
  for (std::int32_t i = 0; i < entries; ++i) {
    const std::string_view word = cursor.take_word();
    const auto count = cursor.take<std::int64_t>();
    const auto type = cursor.take<std::int8_t>();
    // Words come first, so that word i has row i.
    if (word.empty() || type != (i < words ? 0 : 1)) fail("a fastText model with damaged words");
    if (i >= words) continue;
    words_.push_back(word);
    counts_.push_back(static_cast<std::uint64_t>(std::max<std::int64_t>(count, 0)));
  }
}

void FastTextFile::read_matrix(Cursor& cursor) {
  if (cursor.take<std::int8_t>() != 0)
    throw Error(ErrorKind::data, input_->name(), "a quantised fastText model (.ftz)",
                "a full model (.bin)", "use the .bin file it was made of");
  const auto rows = cursor.take<std::int64_t>(), columns = cursor.take<std::int64_t>();
  const auto expected = static_cast<std::int64_t>(words_.size()) + subwords_.buckets;
  if (columns != dimension_ || rows != expected)
    fail(fmt::format("a fastText model with a {} x {} matrix", rows, columns));
  rows_ = static_cast<std::uint64_t>(rows);
  matrix_begin_ = cursor.position();
  cursor.skip(rows_ * static_cast<std::uint64_t>(dimension_) * sizeof(float));
}

void FastTextFile::check_output_matrix(Cursor& cursor) const {
  if (cursor.left() == 0) return;  // vectors only
  const auto quantised = cursor.take<std::int8_t>();
  const auto rows = cursor.take<std::int64_t>(), columns = cursor.take<std::int64_t>();
  if (quantised != 0 || columns != dimension_ || rows < 0 ||
      rows > std::numeric_limits<std::int32_t>::max())
    fail(fmt::format("a fastText model with a {} x {} output matrix", rows, columns));
  cursor.skip(static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns) *
              sizeof(float));
  if (cursor.left() > 0)
    fail(fmt::format("a fastText model and {} more bytes after its end", cursor.left()));
}

void FastTextFile::add_row(std::uint64_t row, float* sum) const {
  const std::size_t row_bytes = static_cast<std::size_t>(dimension_) * sizeof(float);
  const char* numbers = bytes_.data() + matrix_begin_ + row * row_bytes;
  // Words have any length, so that numbers are not aligned.
  for (Eigen::Index i = 0; i < dimension_; ++i) {
    float number = 0;
    std::memcpy(&number, numbers + static_cast<std::size_t>(i) * sizeof(float), sizeof number);
    sum[i] += number;
  }
}

void FastTextFile::copy_row(std::uint64_t row, float* vector) const {
  const std::size_t row_bytes = static_cast<std::size_t>(dimension_) * sizeof(float);
  std::memcpy(vector, bytes_.data() + matrix_begin_ + row * row_bytes, row_bytes);
}

bool FastTextFile::add_ngrams(std::string_view word, float* sum, std::size_t& parts) const {
  if (subwords_.max_length < 1 || word == kSentenceEnd) return false;
  for (const std::uint32_t bucket : find_ngram_buckets(word, subwords_)) {
    add_row(words_.size() + bucket, sum);
    ++parts;
  }
  return parts > 0;
}

void FastTextFile::fill_vector(std::size_t index, float* vector) const {
  copy_row(index, vector);
  std::size_t parts = 1;
  add_ngrams(words_[index], vector, parts);
  const float share = 1 / static_cast<float>(parts);
  std::transform(vector, vector + dimension_, vector, [share](float x) { return x * share; });
}

bool FastTextFile::fill_vector_of_ngrams(std::string_view word, float* vector) const {
  std::fill_n(vector, dimension_, 0.0F);
  std::size_t parts = 0;
  if (!add_ngrams(word, vector, parts)) return false;
  const float share = 1 / static_cast<float>(parts);
  std::transform(vector, vector + dimension_, vector, [share](float x) { return x * share; });
  return true;
}

void FastTextFile::read_bucket(std::uint32_t bucket, float* vector) const {
  copy_row(words_.size() + bucket, vector);
}

void FastTextFile::fail(std::string_view found) const {
  throw Error(ErrorKind::data, input_->name(), found,
              "a .bin file as the fasttext program wrote it", "get the file again");
}

bool is_fasttext(std::string_view start) {
  return start.starts_with(kMagic);
}

}  // namespace xalign
