#pragma once

#include <xalign/matrix.h>
#include <xalign/vocabulary.h>

#include <cstdint>
#include <limits>
#include <string_view>

namespace xalign {

/// Words and their vectors: row i of `vectors` belongs to word i.
struct Embeddings {
  Vocabulary words;
  Matrix vectors;  ///< words.size() x d

  Index size() const { return words.size(); }
  Eigen::Index dimension() const { return vectors.cols(); }
};

/// Words at the beginning of a file that are fingerprinted apart, to recognise a part of it.
constexpr Index kHeadWords = 1000;

/// 64-bit fingerprint of words and vectors, to recognise a file again (XXH3; not cryptographic).
/// @param words  only the first ones count
std::uint64_t fingerprint(const Embeddings& embeddings,
                          Index words = std::numeric_limits<Index>::max());

/// Of all words and of the first kHeadWords.
struct Fingerprints {
  std::uint64_t all = 0;
  std::uint64_t head = 0;

  bool operator==(const Fingerprints&) const = default;
};
Fingerprints fingerprints(const Embeddings& embeddings);

/// The fingerprint made word by word.
class Fingerprint {
 public:
  explicit Fingerprint(Eigen::Index dimension)
      : dimension_(dimension), value_(static_cast<std::uint64_t>(dimension)) {}

  void add(std::string_view word, const float* vector);
  std::uint64_t value() const { return value_; }

 private:
  Eigen::Index dimension_;
  std::uint64_t value_;
};

}  // namespace xalign
