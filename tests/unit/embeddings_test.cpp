#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/embeddings.h>
#include <xalign/parallel.h>

#include <set>

using xalign::Embeddings;
using xalign::fingerprint;

namespace {

Embeddings sample() {
  Embeddings embeddings;
  for (const char* word : {"a", "bc", "d"}) embeddings.words.insert(word);
  embeddings.vectors = xalign::test::random_matrix(3, 4, 1);
  return embeddings;
}

}  // namespace

TEST_CASE("a fingerprint changes with every part") {
  std::set<std::uint64_t> seen{fingerprint(sample())};
  for (Eigen::Index i = 0; i < 12; ++i) {
    Embeddings changed = sample();
    changed.vectors.data()[i] += 1;
    REQUIRE(seen.insert(fingerprint(changed)).second);
  }
  Embeddings renamed = sample();
  renamed.words = {};
  for (const char* word : {"ab", "c", "d"}) renamed.words.insert(word);
  REQUIRE(seen.insert(fingerprint(renamed)).second);
  Embeddings swapped = sample();
  swapped.vectors.row(0).swap(swapped.vectors.row(1));
  REQUIRE(seen.insert(fingerprint(swapped)).second);
  Embeddings shorter = sample();
  shorter.vectors.conservativeResize(3, 3);
  REQUIRE(seen.insert(fingerprint(shorter)).second);
}

TEST_CASE("a fingerprint depends on nothing else") {
  const std::uint64_t once = fingerprint(sample());
  const xalign::ThreadLimit limit(xalign::thread_count() + 1);
  REQUIRE(fingerprint(sample()) == once);
}
