#include "retrieval/rank_lists.h"

#include "core/parallel_for.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

namespace xalign {
namespace {

constexpr std::size_t kBlockRows = 256;
// Float32 scores of lists, against the exact ones and the sums with terms; cosines and terms
// are below 2.
constexpr double kRounding = 1e-6;
constexpr double kNever = std::numeric_limits<double>::infinity();
// Rows that are searched again in one go, among partners that the one with most of them needs.
constexpr std::size_t kDoubtsTogether = 512;

double term_of(std::span<const float> terms, std::size_t i) {
  return terms.empty() ? 0 : static_cast<double>(terms[i]);
}

using Ranked = std::vector<std::pair<double, Index>>;  // (-score, partner), ascending

/// The score with terms as find_topk computes it.
double exact_score(const Direction& direction, Eigen::Index row, Index partner) {
  return exact_dot(direction.rows.row(row).data(), direction.partners.row(partner).data(),
                   direction.rows.cols()) +
         (term_of(direction.row_terms, static_cast<std::size_t>(row)) +
          term_of(direction.partner_terms, static_cast<std::size_t>(partner)));
}

/// Keeps the first of `ranked`.
void keep(const Ranked& ranked, Eigen::Index row, TopkLists& best) {
  const std::size_t found = std::min(static_cast<std::size_t>(best.k()), ranked.size());
  for (std::size_t rank = 0; rank < found; ++rank) {
    best.index(row, static_cast<Eigen::Index>(rank)) = ranked[rank].second;
    best.score(row, static_cast<Eigen::Index>(rank)) = static_cast<float>(-ranked[rank].first);
  }
}

/// Ranks the list of one row again.
/// @return the term that a partner outside of the list needs to be among the k best
double rank_list(const Direction& direction, const TopkLists& lists, Eigen::Index row,
                 Ranked& ranked, TopkLists& best) {
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
  for (auto& [score, partner] : ranked) score = -exact_score(direction, row, partner);
  std::sort(ranked.begin(), ranked.end());
  keep(ranked, row, best);
  if (complete) return kNever;
  if (ranked.size() < k) return -kNever;
  return -ranked[k - 1].first - static_cast<double>(lists.score(row, lists.k() - 1)) - row_term -
         kRounding;
}

/// A row whose list may lack partners: those whose term is at least this.
struct Doubt {
  double term;
  Eigen::Index row;
};

/// Searches the rows of `doubts` among the partners with terms of at least `least`, and merges.
void search_again(const Direction& direction, std::span<const Doubt> doubts, double least,
                  const std::string& isa, TopkLists& best) {
  std::vector<Index> partners;
  for (Index j = 0; j < direction.partners.rows(); ++j)
    if (term_of(direction.partner_terms, static_cast<std::size_t>(j)) >= least)
      partners.push_back(j);
  std::vector<Eigen::Index> members;
  std::vector<float> row_terms, partner_terms;
  for (const Doubt& doubt : doubts) {
    members.push_back(doubt.row);
    if (!direction.row_terms.empty())
      row_terms.push_back(direction.row_terms[static_cast<std::size_t>(doubt.row)]);
  }
  if (!direction.partner_terms.empty())
    for (const Index partner : partners)
      partner_terms.push_back(direction.partner_terms[static_cast<std::size_t>(partner)]);
  const Matrix rows = direction.rows(members, Eigen::all);
  const Matrix few = direction.partners(partners, Eigen::all);
  const TopkLists found = find_topk(rows, few,
                                    {.row_k = static_cast<int>(best.k()),
                                     .row_terms = row_terms,
                                     .column_terms = partner_terms,
                                     .isa = isa})
                              .rows;
  const Blocks blocks{doubts.size(), kBlockRows};
  parallel_for(blocks.count(), [&](std::size_t block) {
    std::vector<Index> candidates;
    Ranked ranked;
    for (std::size_t i = blocks.begin(block); i < blocks.begin(block) + blocks.length(block); ++i) {
      const Eigen::Index row = doubts[i].row;
      candidates.clear();
      for (Eigen::Index rank = 0; rank < best.k(); ++rank) {
        if (best.index(row, rank) >= 0) candidates.push_back(best.index(row, rank));
        const Index more = found.index(static_cast<Eigen::Index>(i), rank);
        if (more >= 0) candidates.push_back(partners[static_cast<std::size_t>(more)]);
      }
      std::sort(candidates.begin(), candidates.end());
      candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
      ranked.clear();
      for (const Index partner : candidates)
        ranked.emplace_back(-exact_score(direction, row, partner), partner);
      std::sort(ranked.begin(), ranked.end());
      keep(ranked, row, best);
    }
  });
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
  // Most partners have no term that could make up for a smaller cosine than the last of a list: the
  // others are few, the fewer the more a row needs.
  const double largest =
      direction.partner_terms.empty()
          ? 0
          : static_cast<double>(*std::ranges::max_element(direction.partner_terms));
  const Blocks blocks{static_cast<std::size_t>(direction.rows.rows()), kBlockRows};
  std::vector<std::vector<Doubt>> parts(blocks.count());
  parallel_for(blocks.count(), [&](std::size_t block) {
    Ranked ranked;
    for (std::size_t i = 0; i < blocks.length(block); ++i) {
      const auto row = static_cast<Eigen::Index>(blocks.begin(block) + i);
      const double term = rank_list(direction, lists, row, ranked, best);
      if (term <= largest) parts[block].push_back({term, row});
    }
  });
  std::vector<Doubt> doubts;
  for (const auto& part : parts) doubts.insert(doubts.end(), part.begin(), part.end());
  again += static_cast<Index>(doubts.size());
  std::ranges::stable_sort(doubts, std::greater(), &Doubt::term);
  for (std::size_t first = 0; first < doubts.size(); first += kDoubtsTogether) {
    const std::size_t count = std::min(kDoubtsTogether, doubts.size() - first);
    search_again(direction, std::span(doubts).subspan(first, count), doubts[first + count - 1].term,
                 isa, best);
  }
  return best;
}

}  // namespace xalign
