#pragma once

#include "mapping/rerank_candidates.h"

#include <xalign/lexicon.h>
#include <xalign/reranker.h>

#include <optional>
#include <utility>
#include <vector>

namespace xalign {

/// Collects lists of seed words that a map was not learned on, and fits a reranker on them.
class RerankerFit {
 public:
  /// Refers to words and keys.
  /// @param seeds  all pairs that are known once the reranker is used
  RerankerFit(const Vocabulary& query_words, const Vocabulary& candidate_words,
              const SpellingTable& query_keys, const SpellingTable& candidate_keys,
              std::vector<WordPair> seeds, const RerankReach& reach)
      : query_words_(query_words),
        candidate_words_(candidate_words),
        query_keys_(query_keys),
        candidate_keys_(candidate_keys),
        seeds_(std::move(seeds)),
        index_(candidate_keys),
        reach_(reach) {}

  /// Adds the lists of the pairs' queries (`source` of a pair) in a space learned without them.
  /// @param known  pairs without them, for how affixes translate
  void add_fold(ConstRows queries, ConstRows candidates, std::span<const WordPair> pairs,
                std::span<const WordPair> known);

  /// Tries kinds of rerankers on the last fifth of the queries by frequency; fits the chosen one on
  /// all. A group of features is added for a gain of more than its standard error.
  /// @return nothing where none is better than CSLS
  std::optional<RerankerModel> choose();
  /// Fits the kind that `other` is of, chosen for the other direction.
  RerankerModel fit_like(const RerankerModel& other) const;

  const std::vector<RerankerTrial>& trials() const { return trials_; }

 private:
  /// Lists of several folds in one.
  struct Examples {
    CandidateFeatures features;
    std::vector<std::uint8_t> gold;
    std::vector<Index> queries;
  };
  using Numbers = std::vector<std::size_t>;

  /// The lists whose place by the frequency of the query is wanted, frequent ones first.
  Numbers select(bool (*wanted)(std::size_t place, std::size_t count)) const;
  VectorD fit_coefficients(const Numbers& lists, const Numbers& features,
                           const VectorD& start = {}) const;
  RerankerModel fit(const Numbers& features, const VectorD& start) const;

  const Vocabulary& query_words_;
  const Vocabulary& candidate_words_;
  const SpellingTable& query_keys_;
  const SpellingTable& candidate_keys_;
  std::vector<WordPair> seeds_;
  SpellingIndex index_;
  RerankReach reach_;
  Examples all_;  // in the order of folds
  std::vector<RerankerTrial> trials_;
};

}  // namespace xalign
