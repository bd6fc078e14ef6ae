#include "eval/bli_scores.h"

#include <xalign/cross_validation.h>
#include <xalign/error.h>
#include <xalign/learn.h>
#include <xalign/normalize.h>
#include <xalign/random.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <string>
#include <unordered_map>
#include <utility>

namespace xalign {
namespace {

void append(TopkLists& all, const TopkLists& more) {
  const Eigen::Index before = all.rows();
  all.index.conservativeResize(before + more.rows(), more.k());
  all.score.conservativeResize(before + more.rows(), more.k());
  all.index.bottomRows(more.rows()) = more.index;
  all.score.bottomRows(more.rows()) = more.score;
}

void pool(CrossValidation& validation, const BliOptions& options) {
  for (const BliQueries& queries : validation.queries) {
    BliQueries& all = validation.pooled_queries;
    all.covered.insert(all.covered.end(), queries.covered.begin(), queries.covered.end());
    all.total += queries.total;
    all.pairs += queries.pairs;
  }
  for (std::size_t r = 0; r < options.retrievals.size(); ++r) {
    BliRetrievalResult pooled;
    pooled.retrieval = options.retrievals[r];
    for (const BliResult& fold : validation.folds) {
      const BliRetrievalResult& scored = fold.retrievals[r];
      pooled.ranks.insert(pooled.ranks.end(), scored.ranks.begin(), scored.ranks.end());
      append(pooled.candidates, scored.candidates);
    }
    score_ranks(pooled, validation.pooled_queries, options);
    validation.pooled.retrievals.push_back(std::move(pooled));
  }
}

/// Refuses, before anything is learned, folds that hold no query or leave no pair to learn from.
void check_folds(const std::vector<std::vector<WordPair>>& training,
                 const std::vector<BliQueries>& queries) {
  std::size_t covered = 0;
  bool all = true;
  for (std::size_t fold = 0; fold < queries.size(); ++fold) {
    covered += queries[fold].covered.size();
    all = all && !queries[fold].covered.empty() && !training[fold].empty();
  }
  if (!all)
    throw Error(ErrorKind::data, "dictionary",
                fmt::format("{} covered source words leave a fold of {} without a query or a pair "
                            "to learn from",
                            covered, queries.size()),
                "some for every fold", "ask for fewer folds, or give more pairs that have vectors");
}

}  // namespace

void CrossValidationOptions::validate() const {
  if (folds < 2) throw Error(ErrorKind::config, "folds", fmt::format("{}", folds), "at least 2");
  bli.validate();
}

std::vector<int> assign_folds(const Lexicon& lexicon, int folds, std::uint64_t seed,
                              CasePolicy policy) {
  std::unordered_map<std::string, std::size_t> numbers;  // of source words
  const auto key = [&](const LexiconEntry& entry) {
    return policy == CasePolicy::lower ? to_lower(entry.source) : entry.source;
  };
  for (const LexiconEntry& entry : lexicon) numbers.emplace(key(entry), numbers.size());
  if (numbers.size() < static_cast<std::size_t>(folds))
    throw Error(ErrorKind::config, "folds", fmt::format("{}", folds),
                fmt::format("at most {}, the source words of the dictionary", numbers.size()),
                "ask for fewer folds or give more pairs");
  std::vector<int> deal(numbers.size());
  for (std::size_t i = 0; i < deal.size(); ++i)
    deal[i] = static_cast<int>(i % static_cast<std::size_t>(folds));
  Random random(seed);
  for (std::size_t i = deal.size(); i > 1; --i) std::swap(deal[i - 1], deal[random.below(i)]);
  std::vector<int> fold_of;
  for (const LexiconEntry& entry : lexicon) fold_of.push_back(deal[numbers.at(key(entry))]);
  return fold_of;
}

CrossValidation cross_validate(const Embeddings& source, const Embeddings& target,
                               const Lexicon& lexicon, const Method& method,
                               const CrossValidationOptions& options) {
  options.validate();
  const std::vector<int> fold_of =
      assign_folds(lexicon, options.folds, options.seed, options.case_policy);
  CrossValidation validation;
  std::vector<std::vector<WordPair>> training;
  for (int fold = 0; fold < options.folds; ++fold) {
    Lexicon train, test;
    for (std::size_t i = 0; i < lexicon.size(); ++i)
      (fold_of[i] == fold ? test : train).push_back(lexicon[i]);
    training.push_back(index_lexicon(train, source.words, target.words, options.case_policy).pairs);
    validation.queries.push_back(
        make_bli_queries(test, source.words, target.words, options.case_policy));
  }
  check_folds(training, validation.queries);
  for (int fold = 0; fold < options.folds; ++fold) {
    const auto& pairs = training[static_cast<std::size_t>(fold)];
    const BliQueries& queries = validation.queries[static_cast<std::size_t>(fold)];
    Embeddings mapped_source = source, mapped_target = target;
    const LearnResult learned =
        learn_mapping(mapped_source, mapped_target, pairs, method, {.seed = options.seed});
    normalize_rows(mapped_source.vectors);
    normalize_rows(mapped_target.vectors);
    BliOptions bli = options.bli;
    bli.resamples = 0;
    if (!options.keep_beta && learned.mapping.isf_beta > 0)
      bli.retrieval.isf_beta = learned.mapping.isf_beta;
    validation.train_pairs.push_back(static_cast<Index>(pairs.size()));
    validation.folds.push_back(
        evaluate_bli(mapped_source.vectors, mapped_target.vectors, queries, bli));
    if (options.progress)
      options.progress({"folds", static_cast<std::uint64_t>(fold + 1),
                        static_cast<std::uint64_t>(options.folds)});
  }
  pool(validation, options.bli);
  return validation;
}

}  // namespace xalign
