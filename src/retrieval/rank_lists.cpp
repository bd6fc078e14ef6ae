#include "retrieval/rank_lists.h"

#include "core/parallel_for.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace xalign {
namespace {

constexpr std::size_t kBlockRows = 256;
// Float32 scores of lists, against the exact ones and the sums with terms; cosines and terms
// are below 2.
constexpr double kRounding = 1e-6;

double term_of(std::span<const float> terms, std::size_t i) {
  return terms.empty() ? 0 : static_cast<double>(terms[i]);
}

/// Ranks the list of one row again. False if a partner outside of it could be among the k best.
bool rank_list(const Direction& direction, const TopkLists& lists, Eigen::Index row,
               double largest_partner_term, std::vector<std::pair<double, Index>>& ranked,
               TopkLists& best) {
  const auto k = static_cast<std::size_t>(best.k());
  const double row_term = term_of(direction.row_terms, static_cast<std::size_t>(row));
  ranked.clear();
  for (Eigen::Index rank = 0; rank < lists.k() && lists.index(row, rank) >= 0; ++rank) {
    const Index partner = lists.index(row, rank);
    const double term =
        row_term + term_of(direction.partner_terms, static_cast<std::size_t>(partner));
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
              (row_term + term_of(direction.partner_terms, static_cast<std::size_t>(partner))));
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
  std::vector<float> terms;
  for (std::size_t i = 0; i < members.size(); ++i) {
    rows.row(static_cast<Eigen::Index>(i)) = direction.rows.row(members[i]);
    if (!direction.row_terms.empty())
      terms.push_back(direction.row_terms[static_cast<std::size_t>(members[i])]);
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

}  // namespace

int nearest_count(int k) {
  return k == 0 ? 0 : std::min(kMaxTopk, 24 + 4 * k);
}

TopkLists rank_lists(const Direction& direction, const TopkLists& lists, int k,
                     const std::string& isa, Index& again) {
  TopkLists best;
  best.index.setConstant(direction.rows.rows(), k, -1);
  best.score.setConstant(direction.rows.rows(), k, -std::numeric_limits<float>::infinity());
  if (k == 0 || direction.partners.rows() == 0) return best;
  const double largest =
      direction.partner_terms.empty()
          ? 0
          : static_cast<double>(*std::ranges::max_element(direction.partner_terms));
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
  return best;
}

}  // namespace xalign
