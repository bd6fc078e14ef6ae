#include "io/store_format.h"

#include "io/binary_rows.h"
#include "io/file_descriptor.h"
#include "io/store_file.h"

#include <xalign/error.h>
#include <xalign/store.h>

#include <algorithm>
#include <vector>

namespace xalign {
namespace {

constexpr std::size_t kMagicBytes = 8;

class StoreSource final : public RowSource {
 public:
  /// @param path  of the store
  StoreSource(const std::string& path, const std::string& name, std::size_t block_bytes)
      : store_(path),
        block_rows_(std::max<std::uint64_t>(
            block_bytes / (static_cast<std::uint64_t>(store_.dimension()) * sizeof(float)), 1)) {
    info_.name = name;
    info_.format = VectorFormat::xvec;
    info_.rows = info_.estimated_rows = static_cast<std::uint64_t>(store_.size());
    info_.dimension = store_.dimension();
    info_.file_bytes = store_.file_bytes();
    info_.store = StoreOptions{store_.type(), store_.labels()};
    info_.has_ngrams = store_.ngram_table().has_value();
    info_.fingerprints = store_.fingerprints();
  }

  std::uint64_t certain_rows() const override { return rows_left(); }
  std::uint64_t bytes_read() const override {
    return info_.file_bytes * done_ / std::max<std::uint64_t>(*info_.rows, 1);
  }

  RowBlock next(Matrix& vectors, Eigen::Index first, std::uint64_t wanted) override {
    std::uint64_t count = std::min(rows_left(), block_rows_);
    if (wanted > 0) count = std::min(count, wanted);
    if (count == 0) return {};
    // Reading all of it twice costs little; so much that it would show in a few words.
    if (done_ == 0 && (wanted == 0 || wanted >= *info_.rows)) store_.verify();
    words_.clear();
    const auto begin = static_cast<Index>(done_);
    for (std::uint64_t i = 0; i < count; ++i)
      words_.push_back(store_[begin + static_cast<Index>(i)]);
    store_.release(0, begin);  // blocks before this one
    done_ += count;
    return make_block(words_, *this, static_cast<std::uint64_t>(begin) + 1, vectors, first,
                      [&](std::size_t i, float* numbers) {
                        store_.read_row(begin + static_cast<Index>(i), numbers);
                      });
  }

  bool has_more() override { return rows_left() > 0; }

 private:
  std::uint64_t rows_left() const { return *info_.rows - done_; }

  Store store_;
  std::uint64_t block_rows_;
  std::uint64_t done_ = 0;
  std::vector<std::string_view> words_;  // of the current block
};

class StoreModel final : public SubwordModel {
 public:
  explicit StoreModel(const std::string& path) : store_(path) {
    if (!store_.ngram_table())
      throw Error(ErrorKind::data, input_name(path), "a store without n-grams",
                  "one made of a fastText model with convert --ngrams");
  }

  Eigen::Index dimension() const override { return store_.dimension(); }
  bool find_vector(std::string_view word, Eigen::Ref<RowVector> vector) const override {
    return store_.find_vector(word, vector);
  }
  std::optional<NgramTable> ngram_table() const override { return store_.ngram_table(); }

 private:
  Store store_;
};

class StoreSink final : public RowSink {
 public:
  explicit StoreSink(const SinkRequest& request)
      : writer_(request.path, request.dimension, request.options.store) {}

  std::string_view forbidden() const override { return "\n\r"; }
  void write(const Vocabulary& words, Index first, ConstRows rows) override {
    writer_.write(words, first, rows);
  }
  void finish() override { writer_.finish(); }
  void commit() override { writer_.commit(); }

 private:
  StoreWriter writer_;
};

}  // namespace

bool is_xvec(ByteInput& input) {
  return is_store(input.peek(kMagicBytes));
}

std::unique_ptr<RowSource> open_xvec(std::unique_ptr<ByteInput> input, const ReadOptions& options) {
  if (!input->compression().empty())
    throw Error(ErrorKind::data, input->name(), "a compressed store",
                "one that can be mapped into memory", "decompress it first");
  // It is read from its end: not by the stream that it was recognised by.
  const std::string name = input->name();
  const std::string path = name == input_name("-") ? "-" : name;
  input.reset();
  return std::make_unique<StoreSource>(path, name, options.block_bytes);
}

std::unique_ptr<SubwordModel> open_xvec_model(const std::string& path) {
  return std::make_unique<StoreModel>(path);
}

std::unique_ptr<RowSink> create_xvec(const SinkRequest& request) {
  return std::make_unique<StoreSink>(request);
}

}  // namespace xalign
