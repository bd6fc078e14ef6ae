#pragma once

#include <xalign/embeddings.h>
#include <xalign/progress.h>
#include <xalign/store.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xalign {

enum class VectorFormat {
  automatic,     ///< recognised by content (reading) or by the name's extension (writing)
  vec,           ///< fastText and word2vec text: a line "rows dimension", then word and numbers
  glove,         ///< the same without the first line
  word2vec_bin,  ///< word2vec binary: the line of vec, then word and 32-bit floats
  fasttext_bin,  ///< fastText model
  npy,           ///< numpy array, words in a file of their own
  safetensors,   ///< matrix of a safetensors file, words in a file of their own
  floret,        ///< table of hashed rows of floret and spaCy
  xvec,          ///< the memory-mapped store of xalign
};

/// The names used on the command line: "auto", "vec", "glove", "word2vec-bin", ...
std::string_view to_string(VectorFormat format);
/// @throws Error(config) listing the known names
VectorFormat parse_vector_format(std::string_view name);
/// The names of formats that can be read and written.
std::vector<std::string_view> readable_vector_formats();
std::vector<std::string_view> writable_vector_formats();

struct ReadOptions {
  VectorFormat format = VectorFormat::automatic;
  std::string words_file = {};  ///< words of a file that has none (npy, safetensors, floret); empty
                                ///< = the file beside it (docs/formats.md), or numbers for names
  std::string tensor = {};      ///< of a safetensors file; empty = the only matrix
  Index max_vocab = 0;          ///< keep the first N different words and stop reading; 0 = all
  std::shared_ptr<const Vocabulary> vocabulary = {};  ///< only these words; empty = all
  std::uint64_t min_count = 0;  ///< only words that were seen as often; where the format has counts
  std::string script = {};      ///< only words of this script (script.h); empty = all
  bool strict = false;          ///< refuse words that are not UTF-8
  std::size_t block_bytes = std::size_t{8} << 20;  ///< bytes of the file taken at a time
  Progress progress = {};

  void validate() const;
};

/// What was met on the way; none of it is an error.
struct ReadReport {
  VectorFormat format = VectorFormat::vec;
  std::string compression;            ///< "gzip", "bzip2", "xz", "zstd" or empty
  std::uint64_t rows = 0;             ///< rows read, duplicates included
  Index duplicates = 0;               ///< rows whose word had been seen; the first one counts
  std::string first_duplicate;        ///< word
  std::string first_duplicate_place;  ///< "FILE:LINE", or "FILE, row N" of binary files
  Index bad_utf8 = 0;                 ///< words that are not UTF-8, kept as bytes
  std::string first_bad_utf8_place;
  Index zero_vectors = 0;      ///< rows of zeros only
  std::uint64_t left_out = 0;  ///< rows that were not selected
  bool stopped_early = false;  ///< all words asked for were there before the end
};

/// What the beginning of a file tells, without reading the rest.
struct VectorFileInfo {
  std::string name;  ///< of the file, as it stands in messages
  VectorFormat format = VectorFormat::vec;
  std::string compression;
  std::optional<std::uint64_t> rows;  ///< from the header; absent for GloVe text
  Eigen::Index dimension = 0;
  std::string words_file;            ///< where the words come from when not from the file itself
  std::uint64_t file_bytes = 0;      ///< size on disk; 0 when not a regular file
  std::uint64_t held_bytes = 0;      ///< memory that the reader holds beside the words
  bool has_counts = false;           ///< the file tells how often its words were seen
  bool has_ngrams = false;           ///< SubwordModel can open it: unseen words have vectors
  std::uint64_t estimated_rows = 0;  ///< `rows`, or a guess from sizes; 0 when unknown (a pipe)
  std::optional<StoreOptions> store = {};         ///< of a store: its type and labels
  std::optional<Fingerprints> fingerprints = {};  ///< of a store: before its rows were rounded
};

/// Reads vectors batch by batch in constant memory (beyond the words). Files of every format may be
/// compressed (gzip, bzip2, xz, zstd); "-" is standard input. The formats are described in
/// docs/formats.md.
class VectorReader {
 public:
  /// Opens the file and looks at its beginning.
  /// @throws Error(io) if it cannot be opened, Error(data) if it does not start like vectors
  explicit VectorReader(const std::string& path, const ReadOptions& options = {});
  ~VectorReader();
  VectorReader(VectorReader&&) noexcept;
  VectorReader& operator=(VectorReader&&) noexcept;

  const VectorFileInfo& info() const;

  /// Appends the next rows (a block of the file, whatever is left at the end) to `batch`;
  /// duplicates are dropped. False when nothing was left.
  /// @throws Error(data) at the first bad row: `FILE:LINE: found (expected ...); remedy`
  bool read(Embeddings& batch);

  /// Complete once `read` has returned false.
  const ReadReport& report() const;

 private:
  friend struct ReadResult read_vectors(VectorReader& reader);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct ReadResult {
  Embeddings embeddings;
  ReadReport report;
};

/// Reads a whole file. Memory: the result, one block of text and the look-up table.
/// @throws Error as VectorReader
ReadResult read_vectors(const std::string& path, const ReadOptions& options = {});
/// The same for a file that has been opened and looked at, but not read from yet.
ReadResult read_vectors(VectorReader& reader);

/// Numbers of arrays that are written.
enum class ArrayType { f32, f16, f64 };

struct WriteOptions {
  VectorFormat format = VectorFormat::automatic;
  int precision = -1;  ///< of text: digits after the point, 0 to 9; -1 = the fewest that read back
                       ///< the same
  ArrayType array = ArrayType::f32;                 ///< of npy and safetensors
  StoreOptions store = {};                          ///< of a store
  std::optional<std::uint64_t> expected_rows = {};  ///< spares moving the rows when right
  Progress progress = {};                           ///< in rows

  void validate() const;
};

/// The format in which a file of that name is written: the one asked for, or by its extension.
/// @throws Error(config) for an extension that no format has, or a format that cannot be written
VectorFormat output_format(const std::string& path, VectorFormat asked = VectorFormat::automatic);

/// Writes vectors batch by batch; compressed when the name ends in .gz, .bz2, .xz or .zst.
/// The file appears under its name when `close` succeeds and never half-written; "-" is standard
/// output.
class VectorWriter {
 public:
  VectorWriter(const std::string& path, Eigen::Index dimension, const WriteOptions& options = {});
  ~VectorWriter();  ///< without `close`, nothing is left behind
  VectorWriter(VectorWriter&&) noexcept;
  VectorWriter& operator=(VectorWriter&&) noexcept;

  /// @param words  as many as there are rows
  /// @throws Error(data) for a word with a blank or a line end, Error(numeric) for a number that is
  ///         not finite, Error(io)
  void write(const Vocabulary& words, ConstRows rows);
  /// Writes what is left; nothing may follow. For files that appear together or not at all.
  void finish();
  /// Puts the finished file in place.
  void commit();
  /// Both.
  void close();

 private:
  friend VectorWriter prepare_vectors(const std::string& path, const Embeddings& embeddings,
                                      const WriteOptions& options);
  struct Impl;
  explicit VectorWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Writes all of it in one call, and leaves it to `commit` to put the file in place.
VectorWriter prepare_vectors(const std::string& path, const Embeddings& embeddings,
                             const WriteOptions& options = {});
/// Writes all of it in one call.
void write_vectors(const std::string& path, const Embeddings& embeddings,
                   const WriteOptions& options = {});

}  // namespace xalign
