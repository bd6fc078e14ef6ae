#pragma once

#include <xalign/lexicon.h>
#include <xalign/mapping.h>
#include <xalign/reranker.h>
#include <xalign/retrieval.h>
#include <xalign/row_blocks.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace xalign {

/// A query of bilingual lexicon induction: a different source word of the test dictionary with all
/// its gold targets that are in the vocabulary.
struct BliQuery {
  Index source = 0;
  std::vector<Index> gold = {};
  bool seen = false;  ///< the source word was trained on
};

struct BliQueries {
  std::vector<BliQuery> covered;  ///< in dictionary order
  Index total = 0;                ///< different source words of the dictionary
  bool trained = false;           ///< `seen` is known
  Index pairs = 0;                ///< different covered pairs
  Index seen_pairs = 0;           ///< covered pairs that were trained on
};

/// @param reverse   the dictionary's second column holds the queries (`source` is still the side
///                  that queries come from)
/// @param training  what the map was trained on, to set unseen queries apart; may be null
BliQueries make_bli_queries(const Lexicon& lexicon, const Vocabulary& source,
                            const Vocabulary& target, CasePolicy policy = CasePolicy::exact,
                            bool reverse = false, const TrainingRecord* training = nullptr);

struct BliOptions {
  std::vector<int> ks = {1, 5, 10};  ///< P@k for each, 1 to kMaxTopk
  std::vector<Retrieval> retrievals = {Retrieval::nn, Retrieval::csls};
  RetrievalOptions retrieval = {};  ///< its `retrieval` is ignored
  int candidates = 10;              ///< kept per query
  int resamples = 2000;             ///< of the bootstrap; 0 = no intervals
  std::uint64_t seed = 1;

  void validate() const;
};

/// A rate from 0 to 1.
struct BliScore {
  double covered = 0;              ///< over covered queries (the protocol of MUSE and VecMap)
  double all = 0;                  ///< over all queries (fastText)
  std::optional<double> unseen;    ///< over covered queries whose source word was not trained on
  double ci_low = 0, ci_high = 0;  ///< bootstrap 95 % interval of `covered`
};

struct BliRetrievalResult {
  Retrieval retrieval = Retrieval::nn;
  std::vector<BliScore> precision;       ///< one per k
  BliScore mrr;                          ///< mean reciprocal rank of the best gold target
  std::vector<Index> ranks;              ///< per covered query
  TopkLists candidates;                  ///< per covered query
  std::vector<float> target_terms = {};  ///< ScoreTerms::target of all targets; empty for nn
};

struct BliResult {
  std::vector<BliRetrievalResult> retrievals;
};

/// Scores the queries: right at k if any gold target is among the k best of the whole target
/// vocabulary.
/// @param source, target  unit rows in the shared space
/// @param target_means  r of CSLS of all targets over all source rows, where it is known
/// @throws Error(data) when no query is covered
BliResult evaluate_bli(ConstRows source, ConstRows target, const BliQueries& queries,
                       const BliOptions& options = {}, std::span<const float> target_means = {});

/// The same of rows that are not in memory; by nn and csls.
/// @throws Error(config) for isf, which needs all rows at once
BliResult evaluate_bli(const RowBlocks& source, const RowBlocks& target, const BliQueries& queries,
                       const BliOptions& options = {}, std::span<const float> target_means = {});

/// The same by a reranker of the source language's queries. A query whose gold targets are not
/// among its best kMaxTopk candidates has the rank of the last word of the target vocabulary.
/// @param targets  words of the target vocabulary
BliRetrievalResult evaluate_bli(const Reranker& reranker, Index targets, const BliQueries& queries,
                                const BliOptions& options = {});

/// How far the probabilities of a reranker's best answers hold.
/// @param scored  made by a reranker
Reliability measure_reliability(const BliRetrievalResult& scored);

}  // namespace xalign
