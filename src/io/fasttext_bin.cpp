#include "io/fasttext_bin.h"

#include "io/binary_rows.h"
#include "io/counted_output.h"
#include "io/fasttext_file.h"
#include "io/floret.h"
#include "io/store_format.h"

#include <xalign/subword.h>
#include <xalign/vocabulary.h>

#include <algorithm>
#include <vector>

namespace xalign {
namespace {

class FastTextVectors final : public RowSource {
 public:
  FastTextVectors(std::unique_ptr<ByteInput> input, std::size_t block_bytes)
      : file_(std::move(input)) {
    info_.name = file_.input().name();
    info_.format = VectorFormat::fasttext_bin;
    info_.compression = file_.input().compression();
    info_.file_bytes = file_.input().file_bytes();
    info_.rows = info_.estimated_rows = file_.word_count();
    info_.dimension = file_.dimension();
    info_.has_counts = true;
    info_.has_ngrams = file_.subwords().max_length > 0;
    if (!file_.input().bytes_left()) info_.held_bytes = file_.bytes().size();
    const std::size_t row_bytes = static_cast<std::size_t>(info_.dimension) * sizeof(float);
    rows_per_block_ = std::max<std::size_t>(block_bytes / row_bytes, 1);
  }

  std::uint64_t certain_rows() const override { return file_.word_count() - done_; }
  std::uint64_t bytes_read() const override {
    // Rows of n-grams lie anywhere: the share of the words that are done tells more.
    return static_cast<std::uint64_t>(static_cast<double>(info_.file_bytes) *
                                      static_cast<double>(done_) /
                                      static_cast<double>(file_.word_count()));
  }

  RowBlock next(Matrix& vectors, Eigen::Index first, std::uint64_t wanted) override {
    std::size_t rows = std::min(rows_per_block_, file_.word_count() - done_);
    if (wanted > 0) rows = static_cast<std::size_t>(std::min<std::uint64_t>(rows, wanted));
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < rows; ++i) words.push_back(file_.word(done_ + i));
    RowBlock block =
        make_block(words, *this, done_ + 1, vectors, first,
                   [&](std::size_t i, float* numbers) { file_.fill_vector(done_ + i, numbers); });
    for (std::size_t i = 0; i < block.rows.size(); ++i)
      block.rows[i].count = file_.count(done_ + i);
    done_ += rows;
    return block;
  }

  bool has_more() override { return done_ < file_.word_count(); }

 private:
  FastTextFile file_;
  std::size_t rows_per_block_ = 1;
  std::size_t done_ = 0;
};

/// Writes a model that knows whole words only. Its dictionary stands before the rows and grows with
/// them: it takes the place of an empty one in the end.
class FastTextSink final : public RowSink {
 public:
  explicit FastTextSink(const SinkRequest& request)
      : dimension_(request.dimension),
        out_(
            request.path, [this](std::uint64_t rows) { return head(rows); }, std::nullopt, false) {}

  // Words end with a zero byte, and the program splits text at blanks.
  std::string_view forbidden() const override { return {" \t\n\v\f\r\0", 7}; }

  void write(const Vocabulary& words, Index first, ConstRows rows) override {
    for (Index i = 0; i < static_cast<Index>(rows.rows()); ++i) {
      dictionary_ += words[first + i];
      dictionary_ += '\0';
      append(dictionary_, std::int64_t{1}, std::int8_t{0});
      out_.write({reinterpret_cast<const char*>(rows.row(i).data()),
                  static_cast<std::size_t>(rows.cols()) * sizeof(float)});
    }
    rows_ += static_cast<std::uint64_t>(rows.rows());
  }

  void finish() override {
    std::string output_matrix;
    append(output_matrix, std::int8_t{0}, std::int64_t{0}, static_cast<std::int64_t>(dimension_));
    out_.write(output_matrix);
    out_.finish(rows_);
  }
  void commit() override { out_.commit(); }

 private:
  template <class... Numbers>
  static void append(std::string& bytes, Numbers... numbers) {
    (bytes.append(reinterpret_cast<const char*>(&numbers), sizeof numbers), ...);
  }

  std::string head(std::uint64_t rows) const {
    constexpr std::int32_t kMagicNumber = 793712314, kVersion = 12, kSoftmax = 3, kSkipgram = 2;
    const auto words = static_cast<std::int32_t>(rows);
    std::string bytes;
    append(bytes, kMagicNumber, kVersion, static_cast<std::int32_t>(dimension_));
    // Window, epochs, least count, negatives, word n-grams; then loss and model; no buckets, no
    // n-grams; rate of updates and sampling threshold as the program sets them by itself.
    for (const std::int32_t setting : {5, 5, 1, 5, 1, kSoftmax, kSkipgram, 0, 0, 0, 100})
      append(bytes, setting);
    append(bytes, 1e-4);
    append(bytes, words, words, std::int32_t{0}, static_cast<std::int64_t>(rows), std::int64_t{-1});
    bytes += dictionary_;
    append(bytes, std::int8_t{0}, static_cast<std::int64_t>(rows),
           static_cast<std::int64_t>(dimension_));
    return bytes;
  }

  Eigen::Index dimension_;
  std::string dictionary_;
  std::uint64_t rows_ = 0;
  CountedOutput out_;
};

class FastTextModel final : public SubwordModel {
 public:
  explicit FastTextModel(std::unique_ptr<ByteInput> input) : file_(std::move(input)) {
    words_.reserve(static_cast<Index>(file_.word_count()));
    for (std::size_t i = 0; i < file_.word_count(); ++i) words_.insert(file_.word(i));
  }

  Eigen::Index dimension() const override { return file_.dimension(); }

  bool find_vector(std::string_view word, Eigen::Ref<RowVector> vector) const override {
    const auto index = words_.find(word);
    if (!index) return file_.fill_vector_of_ngrams(word, vector.data());
    file_.fill_vector(static_cast<std::size_t>(*index), vector.data());
    return true;
  }

  std::optional<NgramTable> ngram_table() const override {
    if (file_.subwords().max_length < 1) return std::nullopt;
    const auto read = [this](std::uint32_t first, Rows rows) {
      for (Eigen::Index i = 0; i < rows.rows(); ++i)
        file_.read_bucket(first + static_cast<std::uint32_t>(i), rows.row(i).data());
    };
    return NgramTable{file_.subwords(), file_.dimension(), read};
  }

 private:
  FastTextFile file_;
  Vocabulary words_;
};

}  // namespace

bool is_fasttext_bin(ByteInput& input) {
  return is_fasttext(input.peek(8));
}

std::unique_ptr<RowSource> open_fasttext_bin(std::unique_ptr<ByteInput> input,
                                             const ReadOptions& options) {
  return std::make_unique<FastTextVectors>(std::move(input), options.block_bytes);
}

std::unique_ptr<RowSink> create_fasttext_bin(const SinkRequest& request) {
  return std::make_unique<FastTextSink>(request);
}

std::unique_ptr<SubwordModel> SubwordModel::open(const std::string& path) {
  std::unique_ptr<ByteInput> input = ByteInput::open(path);
  if (is_floret(*input)) return open_floret_model(std::move(input));
  if (is_xvec(*input)) return open_xvec_model(path);
  return std::make_unique<FastTextModel>(std::move(input));
}

}  // namespace xalign
