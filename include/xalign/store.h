#pragma once

#include <xalign/embeddings.h>
#include <xalign/row_blocks.h>
#include <xalign/subword.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xalign {

/// How a store keeps its numbers.
enum class StoreType {
  f32,   ///< as they are
  f16,   ///< as 16-bit floats: 11 bits of precision
  int8,  ///< as whole numbers from -127 to 127, with a scale for each row
};

/// "f32", "f16", "int8".
std::string_view to_string(StoreType type);
/// @throws Error(config) listing the known names
StoreType parse_store_type(std::string_view name);

/// What people want to know of vectors later. Any text; empty where unknown.
struct StoreLabels {
  std::string language, source, licence;
  std::string normalization;  ///< recipe that the rows went through, e.g. "unit,center,unit"

  /// The label of a name: "language", "source", "licence", "normalization".
  /// @throws Error(config) for any other
  std::string& operator[](std::string_view name);
};

/// What CSLS needs to know of rows that are searched with the rows of another store.
struct StoreNeighborhoods {
  int k = 0;               ///< neighbours in the means; 0 = none are kept
  std::uint64_t with = 0;  ///< kept_fingerprints().all of the other store
  /// The mean cosine of each row with its k nearest of the other store.
  std::function<std::vector<float>(ConstRows unit_rows)> means = {};
};

struct StoreOptions {
  StoreType type = StoreType::f32;
  StoreLabels labels = {};
  /// Its n-grams are kept, too, for words that the store will not have; none = no n-grams.
  std::shared_ptr<const SubwordModel> subwords = {};
  StoreNeighborhoods neighborhoods = {};
};

/// The means that a store was written with.
struct StoreMeans {
  int k = 0;
  std::uint64_t with = 0;
  std::span<const float> means;  ///< one a row
};

/// Writes a store (`.xvec`, docs/formats.md) batch by batch, from its beginning to its end. Memory:
/// about 30 bytes a word. The file appears under its name when `close` succeeds.
class StoreWriter {
 public:
  /// @throws Error(io) if nothing can be written there, Error(config) for the name of a compressed
  ///         file: it could not be mapped
  StoreWriter(const std::string& path, Eigen::Index dimension, const StoreOptions& options = {});
  ~StoreWriter();  ///< without `close`, nothing is left behind
  StoreWriter(StoreWriter&&) noexcept;
  StoreWriter& operator=(StoreWriter&&) noexcept;

  /// @param words  of the rows from `first` on
  /// @throws Error(numeric) for a number that is not finite or does not fit, Error(data) for a word
  ///         that was written before, Error(io)
  void write(const Vocabulary& words, Index first, ConstRows rows);
  void write(const Vocabulary& words, ConstRows rows) { write(words, 0, rows); }
  /// Writes what is left; nothing may follow. For files that appear together or not at all.
  void finish();
  /// Puts the finished file in place.
  void commit();
  /// Both.
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A store, mapped into memory: opening it reads its header and its index, whatever the number of
/// words; rows are read when they are asked for. All of it may be used by many threads.
class Store {
 public:
  /// @throws Error(io) if it cannot be opened, Error(data) for a file that is not a store, is of a
  ///         later version, is cut short, or whose header or index have changed
  explicit Store(const std::string& path);
  ~Store();
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;

  Index size() const;
  Eigen::Index dimension() const;
  StoreType type() const;
  const StoreLabels& labels() const;
  /// Of the vectors as they were before they were rounded.
  const Fingerprints& fingerprints() const;
  /// Of the vectors that are read from here.
  const Fingerprints& kept_fingerprints() const;
  std::uint64_t file_bytes() const;

  std::string_view operator[](Index row) const;
  std::optional<Index> find(std::string_view word) const;

  /// The neighbourhood means, where it was written with them. Refers to the store.
  std::optional<StoreMeans> neighborhood_means() const;
  /// The n-grams, where it was written with them; rounded as its rows are. Refers to the store.
  std::optional<NgramTable> ngram_table() const;
  /// The row of a word, or else the mean of its n-grams' vectors. False, and zeros, without both.
  bool find_vector(std::string_view word, Eigen::Ref<RowVector> vector) const;

  void read_row(Index row, float* numbers) const;
  /// The rows from `first` on.
  void read(Index first, Rows rows) const;
  /// The same brought to length 1.
  void read_unit(Index first, Rows rows) const;
  /// Some rows.
  Matrix gather(std::span<const Index> rows) const;
  /// All rows brought to length 1, block by block. Refers to the store.
  RowBlocks unit_rows() const;

  /// The k rows with the largest cosine: the same lists, to the last bit, as `find_topk` finds in
  /// the rows that `read_unit` gives. A few queries of an int8 store multiply its whole numbers
  /// where they lie.
  /// @param queries  unit rows
  /// @param options  `row_k`, `row_terms`, `column_terms`, `skip_pairs`, `isa`, `progress` count
  TopkLists neighbors(ConstRows queries, const TopkOptions& options = {}) const;

  /// Gives the memory of rows that will not be looked at again back to the system.
  void release(Index first, Index count) const;

  /// Reads the whole file, as `read_vectors` does before it takes all words of a store. @throws
  /// Error(data) if a byte has changed since it was written
  void verify() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Whether the file begins like a store. False for anything else, also if unreadable.
bool is_store_file(const std::string& path);

}  // namespace xalign
