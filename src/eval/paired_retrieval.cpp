#include <xalign/error.h>
#include <xalign/paired_retrieval.h>
#include <xalign/topk.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace xalign {
namespace {

double mean_of(const std::vector<Index>& ranks, const std::function<double(Index)>& gain) {
  const double sum =
      std::accumulate(ranks.begin(), ranks.end(), 0.0,
                      [&](double so_far, Index rank) { return so_far + gain(rank); });
  return sum / static_cast<double>(ranks.size());
}

double error_of(const MarginMatches& matches) {
  Index wrong = 0;
  for (std::size_t i = 0; i < matches.target.size(); ++i)
    wrong += matches.target[i] != static_cast<Index>(i) ? 1 : 0;
  return static_cast<double>(wrong) / static_cast<double>(matches.target.size());
}

PairedDirection score(ConstRows source, ConstRows target, const PairedRetrievalOptions& options) {
  PairedDirection direction;
  std::vector<std::vector<Index>> gold(static_cast<std::size_t>(source.rows()));
  for (std::size_t i = 0; i < gold.size(); ++i) gold[i] = {static_cast<Index>(i)};
  const int largest = options.ks.back();
  for (const Retrieval retrieval : options.retrievals) {
    RetrievalOptions retrieval_options = options.retrieval;
    retrieval_options.retrieval = retrieval;
    const Ranker ranker(source, target, retrieval_options);
    PairedScore scored;
    scored.retrieval = retrieval;
    scored.ranks = ranker.gold_ranks(source, gold, ranker.rank(source, largest));
    for (const int k : options.ks)
      scored.recall.push_back(mean_of(scored.ranks, [k](Index rank) { return rank <= k; }));
    scored.mrr = mean_of(scored.ranks, [](Index rank) { return 1.0 / rank; });
    scored.ndcg = mean_of(scored.ranks, [largest](Index rank) {
      return rank <= largest ? 1 / std::log2(1.0 + rank) : 0;
    });
    direction.scores.push_back(std::move(scored));
  }
  const auto matches =
      match_by_margin(source, target, {Margin::absolute, Margin::distance, Margin::ratio},
                      {.neighbors = options.margin_neighbors,
                       .isa = options.retrieval.isa,
                       .progress = options.retrieval.progress});
  direction.xsim = {error_of(matches[0]), error_of(matches[1]), error_of(matches[2])};
  return direction;
}

}  // namespace

void PairedRetrievalOptions::validate() const {
  if (ks.empty()) throw Error(ErrorKind::config, "k", "no number", "at least one, e.g. 1,5,10");
  if (ks.front() < 1 || ks.back() > kMaxTopk || !std::is_sorted(ks.begin(), ks.end()))
    throw Error(ErrorKind::config, "k", "numbers out of range or order",
                fmt::format("ascending, 1 to {}", kMaxTopk));
  if (retrievals.empty()) throw Error(ErrorKind::config, "retrieval", "no name", "nn, csls or isf");
  retrieval.validate();
  MarginOptions{.neighbors = margin_neighbors}.validate();
}

PairedRetrievalResult evaluate_paired_retrieval(ConstRows source, ConstRows target,
                                                const PairedRetrievalOptions& options) {
  options.validate();
  if (source.rows() != target.rows() || source.cols() != target.cols())
    throw Error(ErrorKind::data, "target",
                fmt::format("{} x {} numbers", target.rows(), target.cols()),
                fmt::format("{} x {} as in source", source.rows(), source.cols()),
                "row i of one side belongs to row i of the other");
  if (source.rows() == 0) throw Error(ErrorKind::data, "source", "no rows", "at least one");
  return {score(source, target, options), score(target, source, options)};
}

}  // namespace xalign
