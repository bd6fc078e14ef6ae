#pragma once

#include "io/byte_input.h"

#include <xalign/subword.h>

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace xalign {

/// A fastText model file, taken apart. Nothing is trusted: all sizes are held against the bytes
/// that are there. Numbers are little-endian:
///
///     int32  magic 793712314, version (11 or 12)
///     int32  dimension, window, epochs, least count, negatives, word n-grams, loss, model (1 cbow,
///            2 skipgram, 3 supervised), buckets, minn, maxn, rate of updates; double  sampling
///     int32  entries, words, labels; int64  tokens, pruned buckets (-1: not pruned)
///            for each entry: the word and a zero byte, int64 count, int8 type (0 word, 1 label)
///     int8   whether the input matrix is quantised
///     int64  rows (words + labels or buckets ...), columns; float32  the input matrix: a row for
///            each word, then a row for each bucket
///     int8, int64, int64, float32  the same for the output matrix, which is not used and may be
///            missing altogether
class FastTextFile {
 public:
  /// @throws Error(data) for other files, damaged ones and quantised ones
  explicit FastTextFile(std::unique_ptr<ByteInput> input);

  const ByteInput& input() const { return *input_; }
  Eigen::Index dimension() const { return dimension_; }
  const SubwordOptions& subwords() const { return subwords_; }
  bool supervised() const { return supervised_; }

  std::size_t word_count() const { return words_.size(); }
  std::string_view word(std::size_t index) const { return words_[index]; }
  std::uint64_t count(std::size_t index) const { return counts_[index]; }
  std::uint64_t matrix_rows() const { return rows_; }

  /// The vector of a word of the model: the mean of its row and those of its n-grams.
  void fill_vector(std::size_t index, float* vector) const;
  /// The mean of the n-grams' rows of any word; false and zeros where it has none.
  bool fill_vector_of_ngrams(std::string_view word, float* vector) const;

  /// The vector of a bucket of n-grams.
  void read_bucket(std::uint32_t bucket, float* vector) const;

  /// The bytes of the whole file and where the input matrix begins in it.
  std::string_view bytes() const { return bytes_; }
  std::size_t matrix_begin() const { return matrix_begin_; }

 private:
  class Cursor;
  void read_arguments(Cursor& cursor);
  void read_dictionary(Cursor& cursor);
  void read_matrix(Cursor& cursor);
  /// What a cut file lacks, or a damaged one has too much, is mostly here.
  void check_output_matrix(Cursor& cursor) const;
  bool add_ngrams(std::string_view word, float* sum, std::size_t& parts) const;
  void add_row(std::uint64_t row, float* sum) const;
  void copy_row(std::uint64_t row, float* vector) const;
  [[noreturn]] void fail(std::string_view found) const;

  std::unique_ptr<ByteInput> input_;
  std::string_view bytes_;
  Eigen::Index dimension_ = 0;
  SubwordOptions subwords_;
  bool supervised_ = false;
  std::vector<std::string_view> words_;
  std::vector<std::uint64_t> counts_;
  std::uint64_t rows_ = 0;
  std::size_t matrix_begin_ = 0;
};

/// Whether bytes begin like a fastText model (4 suffice).
bool is_fasttext(std::string_view start);

}  // namespace xalign
