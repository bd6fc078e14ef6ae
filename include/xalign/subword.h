#pragma once

#include <xalign/matrix.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xalign {

/// How words are cut into character n-grams (Bojanowski et al. 2017): all substrings of the marked
/// word, `<word>`, that are `min_length` to `max_length` characters long, but its first and last
/// character alone.
struct SubwordOptions {
  int min_length = 3;                 ///< characters, 1 or more
  int max_length = 6;                 ///< characters; 0 = no n-grams
  std::uint32_t buckets = 2'000'000;  ///< n-grams share that many vectors
  std::string begin_mark = "<";
  std::string end_mark = ">";

  void validate() const;
};

/// The n-grams of a word, shortest first from each of its characters on. Characters are UTF-8; a
/// byte that continues none belongs to the one before.
std::vector<std::string> find_ngrams(std::string_view word, const SubwordOptions& options = {});

/// The hash of fastText: 32-bit FNV-1a, but that bytes above 127 are widened with their sign.
std::uint32_t hash_ngram(std::string_view ngram);

/// The buckets of the n-grams of a word, in the order of `find_ngrams`, repetitions included.
std::vector<std::uint32_t> find_ngram_buckets(std::string_view word,
                                              const SubwordOptions& options = {});

/// The vectors of all buckets of n-grams, read when they are asked for.
struct NgramTable {
  SubwordOptions options;
  Eigen::Index dimension = 0;
  /// Fills `rows` with the vectors of the buckets from `first` on.
  std::function<void(std::uint32_t first, Rows rows)> read = {};
};

/// Gives a vector to any word, seen in training or not, from what it is made of.
class SubwordModel {
 public:
  /// Opens a fastText model (.bin), a floret table, or a store that holds n-grams. Plain files are
  /// mapped into memory, not read: pages come as they are needed.
  /// @throws Error(io), Error(data) for what is no such model, or a quantised one (.ftz)
  static std::unique_ptr<SubwordModel> open(const std::string& path);
  virtual ~SubwordModel() = default;

  virtual Eigen::Index dimension() const = 0;
  /// The vector of a word; false where the model has nothing it is made of, and zeros then.
  /// @param vector  1 x dimension()
  virtual bool find_vector(std::string_view word, Eigen::Ref<RowVector> vector) const = 0;
  /// The n-grams it is made of, where a word has the mean of their vectors (and of its own, if it
  /// has one). Refers to the model.
  virtual std::optional<NgramTable> ngram_table() const { return std::nullopt; }
  /// The vector of a word, zeros where there is nothing.
  RowVector vector(std::string_view word) const;
};

}  // namespace xalign
