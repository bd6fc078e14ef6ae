#pragma once

#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/embeddings.h>

#include <fmt/format.h>

#include <cstring>

namespace xalign::test {

inline Embeddings sample_embeddings(Index rows, Eigen::Index dimension, std::uint64_t seed = 1) {
  Embeddings embeddings;
  for (Index i = 0; i < rows; ++i) embeddings.words.insert(fmt::format("wört{}", i));
  embeddings.vectors = random_matrix(rows, dimension, seed);
  return embeddings;
}

/// The same words and the same bits.
inline void require_same(const Embeddings& a, const Embeddings& b) {
  REQUIRE(a.size() == b.size());
  REQUIRE(a.dimension() == b.dimension());
  for (Index i = 0; i < a.size(); ++i) REQUIRE(a.words[i] == b.words[i]);
  REQUIRE(std::memcmp(a.vectors.data(), b.vectors.data(),
                      static_cast<std::size_t>(a.vectors.size()) * sizeof(float)) == 0);
}

}  // namespace xalign::test
