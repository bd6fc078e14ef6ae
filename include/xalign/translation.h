#pragma once

#include <xalign/mapping.h>
#include <xalign/retrieval.h>

#include <string>
#include <string_view>
#include <vector>

namespace xalign {

/// Two vocabularies in one space: rows mapped and of unit length.
struct Space {
  Embeddings source;
  Embeddings target;
};

/// Brings both vocabularies into the shared space (in their own memory: pass them with std::move).
Space make_space(const Mapping& mapping, Embeddings source, Embeddings target);

/// Two sets of vectors that already share a space; rows are brought to unit length.
/// @throws Error(data) when the dimensions differ
Space make_space(Embeddings source, Embeddings target);

struct Translation {
  std::string word;
  float score = 0;
};

/// Translates words of the source language of a space, which must outlive it.
class Translator {
 public:
  explicit Translator(const Space& space, const RetrievalOptions& options = {});
  explicit Translator(Space&&, const RetrievalOptions& = {}) = delete;

  /// The k best translations, best first; empty for an unknown word.
  std::vector<Translation> translate(std::string_view word, int k = 5) const;

 private:
  const Space& space_;
  Ranker ranker_;
};

}  // namespace xalign
