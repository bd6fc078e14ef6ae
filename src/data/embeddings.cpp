#include "core/hash.h"

#include <xalign/embeddings.h>

#include <algorithm>

namespace xalign {

std::uint64_t fingerprint(const Embeddings& embeddings, Index words) {
  Fingerprint result(embeddings.dimension());
  for (Index i = 0; i < std::min(words, embeddings.size()); ++i)
    result.add(embeddings.words[i], embeddings.vectors.row(i).data());
  return result.value();
}

Fingerprints fingerprints(const Embeddings& embeddings) {
  return {fingerprint(embeddings), fingerprint(embeddings, kHeadWords)};
}

void Fingerprint::add(std::string_view word, const float* vector) {
  value_ = hash_bytes(word.data(), word.size(), value_);
  value_ = hash_bytes(vector, static_cast<std::size_t>(dimension_) * sizeof(float), value_);
}

}  // namespace xalign
