#include "core/hash.h"

#include <xalign/embeddings.h>

#include <algorithm>

namespace xalign {

std::uint64_t fingerprint(const Embeddings& embeddings, Index words) {
  std::uint64_t hash = static_cast<std::uint64_t>(embeddings.dimension());
  for (Index i = 0; i < std::min(words, embeddings.size()); ++i) {
    const std::string_view word = embeddings.words[i];
    hash = hash_bytes(word.data(), word.size(), hash);
    hash = hash_bytes(embeddings.vectors.row(i).data(),
                      static_cast<std::size_t>(embeddings.dimension()) * sizeof(float), hash);
  }
  return hash;
}

}  // namespace xalign
