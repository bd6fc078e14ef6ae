#include "core/parallel_for.h"
#include "retrieval/score_parts.h"

#include <xalign/csls.h>
#include <xalign/error.h>

#include <algorithm>
#include <limits>
#include <string>

namespace xalign {
namespace {

constexpr std::size_t kBlockRows = 256;
// Float32 scores of lists, against the exact ones and the sums with terms; cosines and r are
// below 2.
constexpr double kRounding = 1e-6;

/// Lists of this length hold the k best by CSLS of nearly all rows of real vectors.
int list_length(int neighbors, int k) {
  return std::min(kMaxTopk, std::max(neighbors, k == 0 ? 0 : 24 + 4 * k));
}

/// One direction: rows that look for partners, each with its terms -r / 2.
struct Direction {
  ConstRows rows;
  ConstRows partners;
  const std::vector<float>& row_terms;
  const std::vector<float>& partner_terms;
};

/// Ranks the list of one row by CSLS. False if a partner outside of it could be among the k best.
bool rank_list(const Direction& direction, const TopkLists& lists, Eigen::Index row,
               double largest_partner_term, std::vector<std::pair<double, Index>>& ranked,
               TopkLists& best) {
  const auto k = static_cast<std::size_t>(best.k());
  const double row_term = direction.row_terms[static_cast<std::size_t>(row)];
  ranked.clear();
  for (Eigen::Index rank = 0; rank < lists.k() && lists.index(row, rank) >= 0; ++rank) {
    const Index partner = lists.index(row, rank);
    const double term =
        row_term + static_cast<double>(direction.partner_terms[static_cast<std::size_t>(partner)]);
    ranked.emplace_back(-(static_cast<double>(lists.score(row, rank)) + term), partner);
  }
  const bool complete = static_cast<Eigen::Index>(ranked.size()) < lists.k() ||
                        lists.k() == direction.partners.rows();
  if (ranked.size() > k) {
    std::nth_element(ranked.begin(), ranked.begin() + best.k() - 1, ranked.end());
    const double limit = ranked[k - 1].first + 2 * kRounding;
    std::erase_if(ranked, [&](const auto& candidate) { return candidate.first > limit; });
  }
  for (auto& [score, partner] : ranked)
    score = -(exact_dot(direction.rows.row(row).data(), direction.partners.row(partner).data(),
                        direction.rows.cols()) +
              (row_term +
               static_cast<double>(direction.partner_terms[static_cast<std::size_t>(partner)])));
  std::sort(ranked.begin(), ranked.end());
  const std::size_t found = std::min(k, ranked.size());
  if (!complete) {
    const double others = static_cast<double>(lists.score(row, lists.k() - 1)) + row_term +
                          largest_partner_term + kRounding;
    if (found < k || -ranked[k - 1].first <= others) return false;
  }
  for (std::size_t rank = 0; rank < found; ++rank) {
    best.index(row, static_cast<Eigen::Index>(rank)) = ranked[rank].second;
    best.score(row, static_cast<Eigen::Index>(rank)) = static_cast<float>(-ranked[rank].first);
  }
  return true;
}

/// Searches some rows among all partners.
void search_again(const Direction& direction, const std::vector<Eigen::Index>& members,
                  const std::string& isa, TopkLists& best) {
  if (members.empty()) return;
  Matrix rows(static_cast<Eigen::Index>(members.size()), direction.rows.cols());
  std::vector<float> terms(members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    rows.row(static_cast<Eigen::Index>(i)) = direction.rows.row(members[i]);
    terms[i] = direction.row_terms[static_cast<std::size_t>(members[i])];
  }
  const TopkLists found = find_topk(rows, direction.partners,
                                    {.row_k = static_cast<int>(best.k()),
                                     .row_terms = terms,
                                     .column_terms = direction.partner_terms,
                                     .isa = isa})
                              .rows;
  for (std::size_t i = 0; i < members.size(); ++i) {
    best.index.row(members[i]) = found.index.row(static_cast<Eigen::Index>(i));
    best.score.row(members[i]) = found.score.row(static_cast<Eigen::Index>(i));
  }
}

TopkLists rank_lists(const Direction& direction, const TopkLists& lists, int k,
                     const std::string& isa, Index& again) {
  TopkLists best;
  best.index.setConstant(direction.rows.rows(), k, -1);
  best.score.setConstant(direction.rows.rows(), k, -std::numeric_limits<float>::infinity());
  if (k == 0 || direction.partner_terms.empty()) return best;
  const double largest =
      *std::max_element(direction.partner_terms.begin(), direction.partner_terms.end());
  const Blocks blocks{static_cast<std::size_t>(direction.rows.rows()), kBlockRows};
  std::vector<std::vector<Eigen::Index>> failed(blocks.count());
  parallel_for(blocks.count(), [&](std::size_t block) {
    std::vector<std::pair<double, Index>> ranked;
    for (std::size_t i = 0; i < blocks.length(block); ++i) {
      const auto row = static_cast<Eigen::Index>(blocks.begin(block) + i);
      if (!rank_list(direction, lists, row, largest, ranked, best)) failed[block].push_back(row);
    }
  });
  std::vector<Eigen::Index> members;
  for (const auto& part : failed) members.insert(members.end(), part.begin(), part.end());
  again += static_cast<Index>(members.size());
  search_again(direction, members, isa, best);
  best.score *= 2;
  return best;
}

}  // namespace

void CslsOptions::validate() const {
  if (neighbors < 1 || neighbors > kMaxTopk)
    throw Error(ErrorKind::config, "neighbors", std::to_string(neighbors),
                "a number from 1 to " + std::to_string(kMaxTopk));
  TopkOptions{.row_k = row_k, .column_k = column_k, .isa = isa}.validate();
}

CslsResult find_csls(ConstRows source, ConstRows target, const CslsOptions& options) {
  options.validate();
  CslsResult result;
  result.neighbors = find_topk(source, target,
                               {.row_k = list_length(options.neighbors, options.row_k),
                                .column_k = list_length(options.neighbors, options.column_k),
                                .warm_start = options.warm_start,
                                .isa = options.isa,
                                .progress = options.progress});
  result.source_means = row_means(result.neighbors.rows, options.neighbors);
  result.target_means = row_means(result.neighbors.columns, options.neighbors);
  const auto source_terms = csls_terms(result.source_means);
  const auto target_terms = csls_terms(result.target_means);
  result.rows = rank_lists({source, target, source_terms, target_terms}, result.neighbors.rows,
                           options.row_k, options.isa, result.searched_again);
  result.columns =
      rank_lists({target, source, target_terms, source_terms}, result.neighbors.columns,
                 options.column_k, options.isa, result.searched_again);
  return result;
}

}  // namespace xalign
