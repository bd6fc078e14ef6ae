#pragma once

#include <xalign/matrix.h>
#include <xalign/vocabulary.h>

#include <cstdint>
#include <limits>

namespace xalign {

/// Words and their vectors: row i of `vectors` belongs to word i.
struct Embeddings {
  Vocabulary words;
  Matrix vectors;  ///< words.size() x d

  Index size() const { return words.size(); }
  Eigen::Index dimension() const { return vectors.cols(); }
};

/// 64-bit fingerprint of words and vectors, to recognise a file again (XXH3; not cryptographic).
/// @param words  only the first ones count
std::uint64_t fingerprint(const Embeddings& embeddings,
                          Index words = std::numeric_limits<Index>::max());

}  // namespace xalign
