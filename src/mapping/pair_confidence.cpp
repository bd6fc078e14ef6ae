#include "mapping/pair_features.h"
#include "mapping/spelling_coefficients.h"

#include <xalign/error.h>
#include <xalign/pair_confidence.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

/// The most probable partner of every word; -1 without candidates.
struct BestPartners {
  std::vector<Index> partner;
  std::vector<float> probability;
};

/// Lists of the queries that have a right partner in `known`, and which candidates are right.
struct Examples {
  CandidateFeatures features;
  std::vector<std::uint8_t> gold;
  Index found = 0;  // lists with a right candidate
};

Examples select_examples(const CandidateFeatures& all, const TopkLists& lists,
                         std::vector<std::pair<Index, Index>> known) {
  std::sort(known.begin(), known.end());
  Examples examples;
  std::vector<Eigen::Index> rows;
  for (std::size_t i = 0; i < known.size(); ++i) {
    const Index query = known[i].first;
    if (query >= lists.rows() || (i > 0 && known[i - 1].first == query)) continue;
    const auto begin = all.begins[static_cast<std::size_t>(query)];
    const auto end = all.begins[static_cast<std::size_t>(query) + 1];
    bool found = false;
    for (std::size_t row = begin; row < end; ++row) {
      const Index candidate = lists.index(query, static_cast<Eigen::Index>(row - begin));
      const bool right =
          std::binary_search(known.begin(), known.end(), std::pair(query, candidate));
      examples.gold.push_back(right ? 1 : 0);
      rows.push_back(static_cast<Eigen::Index>(row));
      found = found || right;
    }
    examples.found += found ? 1 : 0;
    examples.features.begins.push_back(rows.size());
  }
  examples.features.values = all.values(rows, Eigen::all);
  return examples;
}

BestPartners find_best(const PairLists& lists, std::vector<std::pair<Index, Index>> known,
                       const PairConfidenceOptions& options) {
  const CandidateFeatures features = pair_features(lists);
  const Examples examples = select_examples(features, lists.forward, std::move(known));
  const VectorD coefficients =
      examples.found >= options.min_seeds
          ? fit_listwise(examples.features, examples.gold, {.l2 = options.l2})
          : default_pair_coefficients(feature_spread(features));
  const std::vector<float> probabilities = listwise_probabilities(features, coefficients);
  BestPartners best{std::vector<Index>(features.lists(), -1),
                    std::vector<float>(features.lists(), 0)};
  for (std::size_t i = 0; i < features.lists(); ++i)
    for (std::size_t row = features.begins[i]; row < features.begins[i + 1]; ++row) {
      if (probabilities[row] <= best.probability[i]) continue;
      best.probability[i] = probabilities[row];
      best.partner[i] = lists.forward.index(static_cast<Eigen::Index>(i),
                                            static_cast<Eigen::Index>(row - features.begins[i]));
    }
  return best;
}

}  // namespace

void PairConfidenceOptions::validate() const {
  if (!(l2 > 0 && std::isfinite(l2)))
    throw Error(ErrorKind::config, "l2", fmt::format("{}", l2), "above 0");
  if (min_seeds < 1)
    throw Error(ErrorKind::config, "min_seeds", fmt::format("{}", min_seeds), "at least 1");
}

std::vector<WordPair> choose_pairs(const CslsResult& csls, const SpellingTable& source,
                                   const SpellingTable& target, std::span<const WordPair> seeds,
                                   const PairConfidenceOptions& options) {
  options.validate();
  if (csls.rows.k() < 2 || csls.columns.k() < 2)
    throw Error(ErrorKind::config, "csls", "lists of fewer than 2 candidates", "at least 2");
  if (source.size() < csls.rows.rows() || target.size() < csls.columns.rows())
    throw Error(ErrorKind::config, "spelling tables", "fewer words than were searched",
                "at least as many");
  std::vector<std::pair<Index, Index>> forward_seeds, backward_seeds;
  for (const WordPair& seed : seeds) {
    forward_seeds.emplace_back(seed.source, seed.target);
    backward_seeds.emplace_back(seed.target, seed.source);
  }
  const BestPartners forward =
      find_best({csls.rows, csls.columns, csls.source_means, csls.target_means, source, target},
                std::move(forward_seeds), options);
  const BestPartners backward =
      find_best({csls.columns, csls.rows, csls.target_means, csls.source_means, target, source},
                std::move(backward_seeds), options);
  std::vector<WordPair> pairs;
  for (std::size_t i = 0; i < forward.partner.size(); ++i) {
    const Index j = forward.partner[i];
    if (j < 0) continue;
    const auto back = static_cast<std::size_t>(j);
    const bool agreed = backward.partner[back] == static_cast<Index>(i);
    if (!options.mutual)
      pairs.push_back({static_cast<Index>(i), j, forward.probability[i]});
    else if (agreed)
      pairs.push_back(
          {static_cast<Index>(i), j, forward.probability[i] * backward.probability[back]});
  }
  if (!options.mutual)
    for (std::size_t j = 0; j < backward.partner.size(); ++j)
      if (backward.partner[j] >= 0)
        pairs.push_back({backward.partner[j], static_cast<Index>(j), backward.probability[j]});
  std::erase_if(pairs, [](const WordPair& pair) { return !(pair.weight > 0); });
  return pairs;
}

}  // namespace xalign
