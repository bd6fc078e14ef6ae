#pragma once

#include <xalign/lexicon.h>
#include <xalign/matrix.h>

#include <cstdint>
#include <span>

namespace xalign {

struct ConceptOptions {
  int clusters = 0;            ///< concepts per language; 0 = one for every 10 words
  double aligned_share = 0.5;  ///< a concept is aligned when this share of its words agrees
  double overlap_share =
      0.3;                 ///< a concept overlaps when each language has this share of its words
  int min_words = 5;       ///< smaller concepts are left out
  std::uint64_t seed = 1;  ///< of the clustering

  void validate() const;
};

struct ConceptAlignment {
  double aligned = 0;  ///< share of concepts; see score_concept_alignment
  double words = 0;    ///< mean over concepts of the share of words in the best partner
  Index concepts = 0;  ///< that were large enough to count
};

struct ConceptOverlap {
  double overlapping = 0;  ///< share of concepts; see score_concept_overlap
  Index concepts = 0;
};

/// CALIGN (Mousi 2024): the words of a dictionary are clustered in each language alone. A source
/// concept is aligned when one target concept holds translations of at least `aligned_share` of its
/// words; the score is the share of aligned concepts. Needs no shared space: high values say that
/// both languages cut the world alike.
/// @param source, target  unit rows of each language
/// @throws Error(data) for fewer than 2 * min_words pairs
ConceptAlignment score_concept_alignment(ConstRows source, ConstRows target,
                                         std::span<const WordPair> pairs,
                                         const ConceptOptions& options = {});

/// COLAP (Mousi 2024): the rows of both languages are clustered together. The share of concepts in
/// which each language has at least `overlap_share` of the words. 0 = every concept belongs to one
/// language, 1 = the space does not know languages. Clusters are as many as `clusters`, or one for
/// every 10 rows.
/// @param source, target  unit rows of a shared space, about as many of each
ConceptOverlap score_concept_overlap(ConstRows source, ConstRows target,
                                     const ConceptOptions& options = {});

}  // namespace xalign
