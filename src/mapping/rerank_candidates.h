#pragma once

#include "linalg/topk_kernels.h"
#include "mapping/affix_table.h"
#include "mapping/listwise_model.h"

#include <xalign/spelling.h>

#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace xalign {

/// What candidates are reranked by (docs/methods.md), in this order: where they lie, how they are
/// spelt, what the neighbours of the query translate to, how frequent they are, how the beginning
/// and the ending of the query translate.
constexpr std::array<std::string_view, 29> kRerankFeatures{"cosine",
                                                           "candidate_r",
                                                           "log_rank",
                                                           "margin",
                                                           "backward_gap",
                                                           "log_backward_rank",
                                                           "whitened_cosine",
                                                           "candidate_density",
                                                           "density_contrast",
                                                           "edit",
                                                           "bigram_dice",
                                                           "trigram_dice",
                                                           "prefix",
                                                           "long_prefix",
                                                           "length_contrast",
                                                           "equal",
                                                           "digits",
                                                           "edit_squared",
                                                           "edit_cosine",
                                                           "cognate",
                                                           "edit_length",
                                                           "vote",
                                                           "best_vote",
                                                           "log_frequency",
                                                           "frequency_contrast",
                                                           "beginning",
                                                           "ending",
                                                           "usual_beginning",
                                                           "usual_ending"};
constexpr std::size_t kVoteFeature = 21, kFrequencyFeature = 23,
                      kAffixFeature = 25;  // where groups begin
constexpr std::size_t kRankFeature = 2;

/// The two languages of a search; refers to all of them.
struct RerankSpace {
  /// @param table  null leaves the features of affixes 0
  RerankSpace(ConstRows query_rows, ConstRows candidate_rows, const SpellingTable& keys,
              const SpellingIndex& index, const AffixTable* table);

  Eigen::Ref<const Matrix> queries;     // unit rows of the language of the queries, all of them
  Eigen::Ref<const Matrix> candidates;  // unit rows of the other language
  const SpellingTable& candidate_keys;
  const SpellingIndex& candidate_index;
  const AffixTable* affixes;
  Matrix whitening;  // d x d, symmetric: makes all directions of the space equally wide

  /// The rows of `whitening`.
  RowList all_directions() const {
    return {whitening.data(), whitening.outerStride(), whitening.cols(), directions_.data(),
            static_cast<std::ptrdiff_t>(directions_.size())};
  }

 private:
  std::vector<Index> directions_;
};

/// How many candidates a query has.
struct RerankReach {
  int neighbors = 100;  // nearest by cosine
  int alike = 5;        // most alike by bigram Dice, if it is at least one half
};

struct RerankLists {
  CandidateFeatures features;
  std::vector<Index> words;  // of the candidates
};

/// Candidates of the given rows of `space.queries` with their features.
/// @param keys   the keys of the given rows, in their order
/// @param votes  false leaves the features of votes 0, which saves a search
RerankLists make_rerank_lists(const RerankSpace& space, std::span<const Index> rows,
                              const SpellingTable& keys, const RerankReach& reach, bool votes);

}  // namespace xalign
