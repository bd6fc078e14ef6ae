#pragma once

#include "support/matrices.h"
#include "support/pairs.h"

#include <xalign/learn.h>

#include <string>

namespace xalign::test {

inline Embeddings toy_embeddings(Index words, Eigen::Index dimension, std::string_view prefix,
                                 std::uint64_t seed) {
  Embeddings embeddings;
  for (Index i = 0; i < words; ++i)
    embeddings.words.insert(std::string(prefix) + std::to_string(i));
  embeddings.vectors = random_matrix(words, dimension, seed);
  return embeddings;
}

/// Two toy languages and what was learned on the pairs (i, i).
struct ToyMapping {
  Embeddings source, target;  // as they were
  Embeddings mapped_source, mapped_target;
  LearnResult learned;
};

inline ToyMapping learn_toy(const Method& method, Eigen::Index source_dimension = 12,
                            Eigen::Index target_dimension = 12, Index pairs = 60) {
  ToyMapping toy;
  toy.source = toy_embeddings(150, source_dimension, "s", 1);
  toy.target = toy_embeddings(130, target_dimension, "t", 2);
  // The languages resemble each other.
  const Eigen::Index shared = std::min(source_dimension, target_dimension);
  toy.target.vectors.leftCols(shared) += 2 * toy.source.vectors.topRows(130) *
                                         random_matrix(source_dimension, shared, 3) /
                                         static_cast<float>(source_dimension);
  toy.mapped_source = toy.source;
  toy.mapped_target = toy.target;
  toy.learned = learn_mapping(toy.mapped_source, toy.mapped_target, diagonal_pairs(pairs), method);
  return toy;
}

}  // namespace xalign::test
