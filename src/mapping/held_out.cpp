#include "mapping/mapped_rows.h"
#include "mapping/training_rows.h"

#include <xalign/error.h>
#include <xalign/held_out.h>
#include <xalign/retrieval.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace xalign {
namespace {

constexpr int kCandidates = 10;

/// The first `words` rows, and the given ones beyond.
std::vector<Index> first_and(Index words, Eigen::Index rows, std::vector<Index> more) {
  more.resize(more.size() + static_cast<std::size_t>(std::min<Eigen::Index>(words, rows)));
  std::iota(more.end() - std::min<Eigen::Index>(words, rows), more.end(), 0);
  return sorted_unique(std::move(more));
}

double mean(std::span<const double> values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

void HoldOutOptions::validate() const {
  if (!(share > 0 && share < 1))
    throw Error(ErrorKind::config, "share", fmt::format("{}", share), "above 0 and below 1");
  if (at_least < 0)
    throw Error(ErrorKind::config, "at_least", fmt::format("{}", at_least), "0 or more");
}

SeedSplit hold_out_rarest(std::span<const WordPair> pairs, const HoldOutOptions& options) {
  options.validate();
  const std::vector<Index> words = words_of(pairs, &WordPair::source);
  const auto wanted = static_cast<std::size_t>(options.share * static_cast<double>(words.size()));
  const std::size_t count =
      std::min(words.size() / 2, std::max(wanted, static_cast<std::size_t>(options.at_least)));
  SeedSplit split;
  if (count == 0) {
    split.train.assign(pairs.begin(), pairs.end());
    return split;
  }
  const Index first = words[words.size() - count];
  for (const WordPair& pair : pairs)
    (pair.source < first ? split.train : split.held_out).push_back(pair);
  return split;
}

double HeldOutScore::precision() const {
  if (reciprocal_ranks.empty()) return 0;
  const auto right = std::count(reciprocal_ranks.begin(), reciprocal_ranks.end(), 1.0);
  return static_cast<double>(right) / static_cast<double>(reciprocal_ranks.size());
}

double HeldOutScore::mean_reciprocal_rank() const {
  return mean(reciprocal_ranks);
}

HeldOutScore score_held_out(ConstRows source, ConstRows target, const MapPair& maps,
                            std::span<const WordPair> pairs, Index words) {
  validate_pairs(pairs, source.rows(), target.rows());
  const std::vector<Index> queries = words_of(pairs, &WordPair::source);
  const std::vector<Index> candidates =
      first_and(words, target.rows(), words_of(pairs, &WordPair::target));
  const TopkLists best =
      rank_queries(mapped_unit_rows(source, queries, maps.source),
                   mapped_unit_rows(first_rows(source, words), maps.source),
                   mapped_unit_rows(target, candidates, maps.target), kCandidates);

  HeldOutScore score{std::vector<double>(queries.size(), 0.0)};
  for (const WordPair& pair : pairs) {
    const Index query = position_of(queries, pair.source);
    const Index gold = position_of(candidates, pair.target);
    double& reciprocal = score.reciprocal_ranks[static_cast<std::size_t>(query)];
    for (Eigen::Index rank = 0; rank < best.k(); ++rank)
      if (best.index(query, rank) == gold)
        reciprocal = std::max(reciprocal, 1 / static_cast<double>(rank + 1));
  }
  return score;
}

PairedGain paired_gain(const HeldOutScore& challenger, const HeldOutScore& standard) {
  const std::vector<double>& a = challenger.reciprocal_ranks;
  const std::vector<double>& b = standard.reciprocal_ranks;
  if (a.size() != b.size())
    throw Error(ErrorKind::config, "scores", fmt::format("{} and {} words", a.size(), b.size()),
                "the same words");
  PairedGain gain{challenger.mean_reciprocal_rank() - standard.mean_reciprocal_rank(), 0};
  if (a.size() < 2) return gain;
  const auto count = static_cast<double>(a.size());
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) squares += std::pow(a[i] - b[i] - gain.mean, 2);
  gain.standard_error = std::sqrt(squares / (count - 1) / count);
  return gain;
}

bool clearly_better(const HeldOutScore& challenger, const HeldOutScore& standard) {
  const PairedGain gain = paired_gain(challenger, standard);
  return challenger.reciprocal_ranks.size() >= 2 && gain.mean > gain.standard_error;
}

std::size_t choose_score(std::span<const HeldOutScore> scores) {
  if (scores.empty()) throw Error(ErrorKind::config, "scores", "none", "at least one");
  const auto best = std::max_element(scores.begin(), scores.end(),
                                     [](const HeldOutScore& a, const HeldOutScore& b) {
                                       return a.mean_reciprocal_rank() < b.mean_reciprocal_rank();
                                     });
  return clearly_better(*best, scores[0]) ? static_cast<std::size_t>(best - scores.begin()) : 0;
}

RidgeChoice choose_ridge(ConstRows source, ConstRows target, std::span<const WordPair> pairs,
                         std::span<const double> ridges, Index words) {
  if (ridges.empty()) throw Error(ErrorKind::config, "ridges", "none", "at least one");
  for (const double ridge : ridges) validate_ridge("ridges", ridge);
  RidgeChoice choice{ridges[0], {}};
  if (ridges.size() == 1 || words_of(pairs, &WordPair::source).size() < kFewestWordsToChoose)
    return choice;
  const SeedSplit split = hold_out_rarest(pairs);
  for (const double ridge : ridges)
    choice.scores.push_back(score_held_out(
        source, target, solve_multistep(source, target, split.train, {.ridge = ridge}),
        split.held_out, words));
  choice.ridge = ridges[choose_score(choice.scores)];
  return choice;
}

}  // namespace xalign
