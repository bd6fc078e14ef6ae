#include "eval/bli_scores.h"

#include <xalign/bli.h>
#include <xalign/block_ranker.h>
#include <xalign/error.h>
#include <xalign/significance.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace xalign {
namespace {

/// Averages a value per covered query over the groups that a BliScore tells apart.
BliScore average(const std::vector<double>& values, const BliQueries& queries,
                 const BliOptions& options) {
  BliScore score;
  double sum = 0, unseen_sum = 0;
  Index unseen = 0;
  for (std::size_t q = 0; q < values.size(); ++q) {
    sum += values[q];
    if (queries.covered[q].seen) continue;
    unseen_sum += values[q];
    ++unseen;
  }
  score.covered = sum / static_cast<double>(values.size());
  score.all = sum / static_cast<double>(queries.total);
  if (queries.trained && unseen > 0) score.unseen = unseen_sum / unseen;
  std::tie(score.ci_low, score.ci_high) =
      bootstrap_interval(values, options.resamples, options.seed);
  return score;
}

}  // namespace

void score_ranks(BliRetrievalResult& scored, const BliQueries& queries, const BliOptions& options) {
  std::vector<double> values(scored.ranks.size());
  for (const int k : options.ks) {
    std::transform(scored.ranks.begin(), scored.ranks.end(), values.begin(),
                   [&](Index rank) { return rank <= k ? 1.0 : 0.0; });
    scored.precision.push_back(average(values, queries, options));
  }
  std::transform(scored.ranks.begin(), scored.ranks.end(), values.begin(),
                 [](Index rank) { return 1.0 / rank; });
  scored.mrr = average(values, queries, options);
}

BliQueries make_bli_queries(const Lexicon& lexicon, const Vocabulary& source,
                            const Vocabulary& target, CasePolicy policy, bool reverse,
                            const TrainingRecord* training) {
  BliQueries queries;
  queries.trained = training != nullptr;
  std::unordered_map<std::string, std::size_t> positions;  // of different source words
  std::vector<BliQuery> all;
  for (const auto& entry : reverse ? reversed(lexicon) : lexicon) {
    const std::string word = policy == CasePolicy::lower ? to_lower(entry.source) : entry.source;
    const auto [position, added] = positions.emplace(word, all.size());
    if (added) all.push_back({.source = find_word(source, word).value_or(-1)});
    BliQuery& query = all[position->second];
    const auto gold = find_word(target, entry.target, policy);
    if (query.source < 0 || !gold) continue;
    if (std::find(query.gold.begin(), query.gold.end(), *gold) != query.gold.end()) continue;
    query.gold.push_back(*gold);
    ++queries.pairs;
    if (training == nullptr) continue;
    const auto query_word = source[query.source], gold_word = target[*gold];
    query.seen = reverse ? training->has_target(query_word) : training->has_source(query_word);
    if (reverse ? training->has_pair(gold_word, query_word)
                : training->has_pair(query_word, gold_word))
      ++queries.seen_pairs;
  }
  queries.total = static_cast<Index>(all.size());
  std::erase_if(all, [](const BliQuery& query) { return query.gold.empty(); });
  queries.covered = std::move(all);
  return queries;
}

void BliOptions::validate() const {
  for (const int k : ks)
    if (k < 1 || k > kMaxTopk)
      throw Error(ErrorKind::config, "k", fmt::format("{}", k), fmt::format("1 to {}", kMaxTopk));
  if (ks.empty()) throw Error(ErrorKind::config, "k", "no number", "at least one, e.g. 1,5,10");
  if (retrievals.empty()) throw Error(ErrorKind::config, "retrieval", "no name", "nn, csls or isf");
  if (candidates < 1 || candidates > kMaxTopk)
    throw Error(ErrorKind::config, "candidates", fmt::format("{}", candidates),
                fmt::format("1 to {}", kMaxTopk));
  if (resamples < 0)
    throw Error(ErrorKind::config, "resamples", fmt::format("{}", resamples), "0 or more");
  retrieval.validate();
}

namespace {

void require_covered(const BliQueries& queries) {
  if (queries.covered.empty())
    throw Error(ErrorKind::data, "test dictionary", "no query is in the vectors",
                "a source word and one of its targets in the vocabularies");
}

std::vector<std::vector<Index>> gold_of(const BliQueries& queries) {
  std::vector<std::vector<Index>> gold;
  for (const BliQuery& query : queries.covered) gold.push_back(query.gold);
  return gold;
}

int longest_list(const BliOptions& options) {
  return std::max(options.candidates, *std::max_element(options.ks.begin(), options.ks.end()));
}

}  // namespace

BliResult evaluate_bli(ConstRows source, ConstRows target, const BliQueries& queries,
                       const BliOptions& options, std::span<const float> target_means) {
  options.validate();
  require_covered(queries);
  const auto count = static_cast<Eigen::Index>(queries.covered.size());
  Matrix rows(count, source.cols());
  for (Eigen::Index q = 0; q < count; ++q)
    rows.row(q) = source.row(queries.covered[static_cast<std::size_t>(q)].source);
  const std::vector<std::vector<Index>> gold = gold_of(queries);
  const int listed = longest_list(options);

  BliResult result;
  for (const Retrieval retrieval : options.retrievals) {
    RetrievalOptions retrieval_options = options.retrieval;
    retrieval_options.retrieval = retrieval;
    const bool known = retrieval == Retrieval::csls && !target_means.empty();
    const Ranker ranker = known ? Ranker(target, target_means, retrieval_options)
                                : Ranker(source, target, retrieval_options);
    BliRetrievalResult scored;
    scored.retrieval = retrieval;
    scored.candidates = ranker.rank(rows, listed);
    scored.ranks = ranker.gold_ranks(rows, gold, scored.candidates);
    scored.target_terms = ranker.target_terms();
    score_ranks(scored, queries, options);
    result.retrievals.push_back(std::move(scored));
  }
  return result;
}

BliResult evaluate_bli(const RowBlocks& source, const RowBlocks& target, const BliQueries& queries,
                       const BliOptions& options, std::span<const float> target_means) {
  options.validate();
  require_covered(queries);
  const auto count = static_cast<Eigen::Index>(queries.covered.size());
  Matrix rows(count, source.dimension);
  for (Eigen::Index q = 0; q < count; ++q)
    source.read(queries.covered[static_cast<std::size_t>(q)].source, rows.middleRows(q, 1));
  const std::vector<std::vector<Index>> gold = gold_of(queries);

  BliResult result;
  for (const Retrieval retrieval : options.retrievals) {
    RetrievalOptions retrieval_options = options.retrieval;
    retrieval_options.retrieval = retrieval;
    BlockRanker ranker(source, target, retrieval_options);
    if (retrieval == Retrieval::csls && !target_means.empty())
      ranker.use_target_means(target_means);
    ranker.expect_many();  // the ranks of gold targets need the terms of all
    BliRetrievalResult scored;
    scored.retrieval = retrieval;
    scored.candidates = ranker.rank(rows, longest_list(options));
    scored.ranks = ranker.gold_ranks(rows, gold, scored.candidates);
    score_ranks(scored, queries, options);
    result.retrievals.push_back(std::move(scored));
  }
  return result;
}

BliRetrievalResult evaluate_bli(const Reranker& reranker, Index targets, const BliQueries& queries,
                                const BliOptions& options) {
  options.validate();
  require_covered(queries);
  std::vector<Index> rows;
  for (const BliQuery& query : queries.covered) rows.push_back(query.source);
  BliRetrievalResult scored;
  scored.retrieval = Retrieval::rerank;
  scored.candidates = reranker.rank(rows, kMaxTopk);
  for (std::size_t q = 0; q < rows.size(); ++q) {
    const std::vector<Index>& gold = queries.covered[q].gold;
    const auto list = scored.candidates.index.row(static_cast<Eigen::Index>(q));
    Index rank = 1;
    while (rank <= kMaxTopk && std::find(gold.begin(), gold.end(), list[rank - 1]) == gold.end())
      ++rank;
    scored.ranks.push_back(rank <= kMaxTopk ? rank : targets);
  }
  scored.candidates.index.conservativeResize(Eigen::NoChange, options.candidates);
  scored.candidates.score.conservativeResize(Eigen::NoChange, options.candidates);
  score_ranks(scored, queries, options);
  return scored;
}

Reliability measure_reliability(const BliRetrievalResult& scored) {
  std::vector<double> promised;
  std::vector<std::uint8_t> right;
  for (std::size_t q = 0; q < scored.ranks.size(); ++q) {
    const auto row = static_cast<Eigen::Index>(q);
    if (scored.candidates.k() == 0 || scored.candidates.index(row, 0) < 0) continue;
    promised.push_back(static_cast<double>(scored.candidates.score(row, 0)));
    right.push_back(scored.ranks[q] == 1 ? 1 : 0);
  }
  return make_reliability(promised, right);
}

}  // namespace xalign
