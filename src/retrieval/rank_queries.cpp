#include "retrieval/score_parts.h"

#include <xalign/retrieval.h>

#include <algorithm>
#include <vector>

namespace xalign {
namespace {

// Above the rounding of a term.
constexpr float kSlack = 1e-4f;

Matrix gather(ConstRows rows, const std::vector<Index>& members) {
  Matrix gathered(static_cast<Eigen::Index>(members.size()), rows.cols());
  for (std::size_t i = 0; i < members.size(); ++i)
    gathered.row(static_cast<Eigen::Index>(i)) = rows.row(members[i]);
  return gathered;
}

}  // namespace

bool few_queries(Eigen::Index queries, Eigen::Index sources, Eigen::Index targets) {
  if (sources <= kBoundRows || targets <= kMaxTopk) return false;
  const double all = static_cast<double>(sources) * static_cast<double>(targets);
  const double candidates = static_cast<double>(queries * kMaxTopk);
  return static_cast<double>(kBoundRows) * static_cast<double>(targets) +
             candidates * static_cast<double>(sources) <
         all / 2;
}

std::vector<float> term_bounds(std::vector<float> terms) {
  for (float& term : terms) term += kSlack;
  return terms;
}

std::vector<Index> members_of(const TopkLists& lists) {
  std::vector<Index> members(lists.index.data(), lists.index.data() + lists.index.size());
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  return members;
}

bool settle(const TopkLists& candidates, const std::vector<Index>& members, TopkLists& best) {
  for (Eigen::Index q = 0; q < best.rows(); ++q) {
    if (best.score(q, best.k() - 1) <= candidates.score(q, candidates.k() - 1)) return false;
    for (Eigen::Index rank = 0; rank < best.k(); ++rank)
      best.index(q, rank) = members[static_cast<std::size_t>(best.index(q, rank))];
  }
  return true;
}

TopkLists rank_queries(ConstRows queries, ConstRows source, ConstRows target, int k,
                       const RetrievalOptions& options) {
  options.validate();
  if (options.retrieval != Retrieval::csls || k >= kMaxTopk || options.csls_vocab > 0 ||
      !few_queries(queries.rows(), source.rows(), target.rows()))
    return Ranker(source, target, options).rank(queries, k);

  // Candidates by an upper bound of the score, then exact scores of the candidates. What is not a
  // candidate cannot reach the list when the bound of the last candidate does not.
  const std::vector<float> own = query_terms(queries, target, options);
  const std::vector<float> bounds =
      term_bounds(target_terms(source.topRows(kBoundRows), target, options));
  const TopkLists candidates =
      find_topk(queries, target,
                {.row_k = kMaxTopk, .row_terms = own, .column_terms = bounds, .isa = options.isa})
          .rows;
  const std::vector<Index> members = members_of(candidates);
  const Matrix rows = gather(target, members);
  const std::vector<float> terms = target_terms(source, rows, options);
  TopkLists best =
      find_topk(queries, rows,
                {.row_k = k, .row_terms = own, .column_terms = terms, .isa = options.isa})
          .rows;
  if (!settle(candidates, members, best)) return Ranker(source, target, options).rank(queries, k);
  best.score *= score_scale(options);
  return best;
}

}  // namespace xalign
