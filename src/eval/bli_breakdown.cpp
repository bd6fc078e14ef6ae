#include "retrieval/score_parts.h"

#include <xalign/bli_breakdown.h>
#include <xalign/hubness.h>
#include <xalign/spelling.h>
#include <xalign/topk.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace xalign {
namespace {

constexpr std::array<Index, 6> kFrequencyEdges = {1000, 5000, 10000, 20000, 50000, 100000};
constexpr float kCognateSimilarity = 0.6f;

std::string frequency_name(std::size_t bin) {
  const Index first = bin == 0 ? 1 : kFrequencyEdges[bin - 1] + 1;
  return bin == kFrequencyEdges.size() ? fmt::format("{}+", first)
                                       : fmt::format("{}-{}", first, kFrequencyEdges[bin]);
}

/// Puts every query into the group of a number; `names` are of these numbers.
BliBreakdown partition(std::string name, const BliQueries& queries,
                       const std::vector<std::string>& names,
                       const std::function<std::size_t(const BliQuery&)>& group_of) {
  BliBreakdown breakdown{std::move(name), {}};
  for (const std::string& group : names) breakdown.groups.push_back({group, {}});
  for (std::size_t q = 0; q < queries.covered.size(); ++q)
    breakdown.groups[group_of(queries.covered[q])].members.push_back(q);
  std::erase_if(breakdown.groups, [](const BliGroup& group) { return group.members.empty(); });
  return breakdown;
}

/// In two: queries with a gold target that `matches`, and the rest.
BliBreakdown divide(std::string name, const char* with, const char* without,
                    const BliQueries& queries,
                    const std::function<bool(Index source, Index gold)>& matches) {
  return partition(std::move(name), queries, {with, without}, [&](const BliQuery& query) {
    return std::any_of(query.gold.begin(), query.gold.end(),
                       [&](Index gold) { return matches(query.source, gold); })
               ? std::size_t{0}
               : std::size_t{1};
  });
}

}  // namespace

BliBreakdown group_by_frequency(const BliQueries& queries) {
  std::vector<std::string> names;
  for (std::size_t bin = 0; bin <= kFrequencyEdges.size(); ++bin)
    names.push_back(frequency_name(bin));
  return partition("frequency", queries, names, [](const BliQuery& query) {
    return static_cast<std::size_t>(
        std::upper_bound(kFrequencyEdges.begin(), kFrequencyEdges.end(), query.source) -
        kFrequencyEdges.begin());
  });
}

BliBreakdown group_by_identity(const BliQueries& queries, const Vocabulary& source,
                               const Vocabulary& target) {
  return divide("identical", "identical", "different", queries,
                [&](Index word, Index gold) { return source[word] == target[gold]; });
}

BliBreakdown group_by_cognates(const BliQueries& queries, const Vocabulary& source,
                               const Vocabulary& target) {
  return divide("cognate", "cognate", "other", queries, [&](Index word, Index gold) {
    return source[word] == target[gold] ||
           edit_similarity(spelling_key(source[word]), spelling_key(target[gold])) >=
               kCognateSimilarity;
  });
}

BliBreakdown group_by_label(const BliQueries& queries, const Vocabulary& source,
                            const LabelSet& labels, CasePolicy policy) {
  constexpr const char* kNone = "(none)";
  std::unordered_map<Index, std::size_t> group_of_row;
  std::unordered_map<std::string, std::size_t> group_of_name;
  std::vector<std::string> names;
  const auto group_named = [&](const std::string& name) {
    const auto [place, added] = group_of_name.emplace(name, names.size());
    if (added) names.push_back(name);
    return place->second;
  };
  for (std::size_t i = 0; i < labels.words.size(); ++i)
    if (const auto row = find_word(source, labels.words[i], policy))
      group_of_row.emplace(*row, group_named(labels.labels[i]));
  const std::size_t none = group_named(kNone);
  return partition("pos", queries, names, [&](const BliQuery& query) {
    const auto found = group_of_row.find(query.source);
    return found == group_of_row.end() ? none : found->second;
  });
}

BliGroupScore score_group(const BliGroup& group, const BliRetrievalResult& scored,
                          const std::vector<int>& ks) {
  BliGroupScore score;
  const auto mean = [&](const std::function<double(Index)>& value) {
    double sum = 0;
    for (const std::size_t q : group.members) sum += value(scored.ranks[q]);
    return group.members.empty() ? 0 : sum / static_cast<double>(group.members.size());
  };
  for (const int k : ks)
    score.precision.push_back(mean([k](Index rank) { return rank <= k ? 1.0 : 0.0; }));
  score.mrr = mean([](Index rank) { return 1.0 / rank; });
  return score;
}

namespace {

/// @param lists  the k best of all source rows
HubVictims count_victims(const TopkLists& lists, Index targets, const BliRetrievalResult& scored) {
  const std::vector<Index> occurrences = count_occurrences(lists, targets);
  const auto count = static_cast<double>(occurrences.size());
  const double mean = std::accumulate(occurrences.begin(), occurrences.end(), 0.0) / count;
  double squares = 0;
  for (const Index n : occurrences) squares += (n - mean) * (n - mean);
  HubVictims result;
  result.threshold = mean + 2 * std::sqrt(squares / count);
  for (std::size_t j = 0; j < occurrences.size(); ++j)
    if (occurrences[j] > result.threshold) result.hubs.push_back(static_cast<Index>(j));
  const auto occurrence = [&](Index j) { return occurrences[static_cast<std::size_t>(j)]; };
  std::stable_sort(result.hubs.begin(), result.hubs.end(),
                   [&](Index a, Index b) { return occurrence(a) > occurrence(b); });
  for (const Index hub : result.hubs) result.counts.push_back(occurrence(hub));
  for (std::size_t q = 0; q < scored.ranks.size(); ++q) {
    if (scored.ranks[q] == 1) continue;
    ++result.wrong;
    if (occurrence(scored.candidates.index(static_cast<Eigen::Index>(q), 0)) > result.threshold)
      ++result.victims;
  }
  return result;
}

}  // namespace

BliNeighbors find_bli_neighbors(ConstRows source, ConstRows target, const BliOptions& options,
                                int k) {
  const RetrievalOptions& retrieval = options.retrieval;
  const bool means =
      retrieval.csls_vocab == 0 &&
      std::ranges::find(options.retrievals, Retrieval::csls) != options.retrievals.end();
  TopkResult found = find_topk(source, target,
                               {.row_k = k,
                                .column_k = means ? retrieval.csls_k : 0,
                                .isa = retrieval.isa,
                                .progress = retrieval.progress});
  BliNeighbors neighbors{std::move(found.rows), {}};
  if (means) neighbors.target_means = row_means(found.columns, retrieval.csls_k);
  return neighbors;
}

std::vector<HubVictims> find_hub_victims(ConstRows source, ConstRows target,
                                         const std::vector<BliRetrievalResult>& scored,
                                         const TopkLists& nearest, int k, const std::string& isa) {
  const TopkResult by_cosine{.rows = nearest, .columns = {}};
  std::vector<HubVictims> victims;
  for (const BliRetrievalResult& result : scored) {
    // A term of the row changes nothing in its list.
    const bool searched = result.target_terms.empty() && nearest.k() == k;
    const TopkLists lists = searched ? nearest
                                     : find_topk(source, target,
                                                 {.row_k = k,
                                                  .column_terms = result.target_terms,
                                                  .warm_start = &by_cosine,
                                                  .isa = isa})
                                           .rows;
    victims.push_back(count_victims(lists, static_cast<Index>(target.rows()), result));
  }
  return victims;
}

}  // namespace xalign
