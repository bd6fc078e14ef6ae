#pragma once

#include <xalign/bli.h>
#include <xalign/embeddings.h>
#include <xalign/method.h>

#include <cstdint>
#include <vector>

namespace xalign {

struct CrossValidationOptions {
  int folds = 5;  ///< at least 2
  CasePolicy case_policy = CasePolicy::exact;
  BliOptions bli = {};     ///< its inverse temperature is that of each map, unless `keep_beta`
  bool keep_beta = false;  ///< use bli.retrieval.isf_beta as it is
  std::uint64_t seed = 1;  ///< of the folds and of learning
  Progress progress = {};  ///< in folds

  void validate() const;
};

struct CrossValidation {
  std::vector<Index> train_pairs;  ///< covered pairs learned on, per fold
  std::vector<BliQueries> queries;
  std::vector<BliResult> folds;
  BliQueries pooled_queries;  ///< every source word once
  BliResult pooled;           ///< scores over all of them
};

/// The fold, from 0, of each entry of a dictionary. Source words are dealt out at random, so that
/// the pairs of a word are in one fold and folds differ by one word at most.
/// @throws Error(config) for fewer source words than folds
std::vector<int> assign_folds(const Lexicon& lexicon, int folds, std::uint64_t seed,
                              CasePolicy policy = CasePolicy::exact);

/// Learns a map on all folds but one and scores it on that one, for each fold in turn: what a
/// method is worth, without a test dictionary. Takes as much memory again as the vectors.
/// @param source, target  original vectors
/// @throws Error as learn_mapping; Error(data) when a fold has no covered query
CrossValidation cross_validate(const Embeddings& source, const Embeddings& target,
                               const Lexicon& lexicon, const Method& method,
                               const CrossValidationOptions& options = {});

}  // namespace xalign
