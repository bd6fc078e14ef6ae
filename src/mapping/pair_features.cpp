#include "mapping/pair_features.h"

#include "core/parallel_for.h"

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

constexpr std::size_t kBlock = 256;

Eigen::Index filled(const TopkLists& lists, Eigen::Index row) {
  Eigen::Index count = 0;
  while (count < lists.k() && lists.index(row, count) >= 0) ++count;
  return count;
}

/// Place of `query` in the list of `candidate`, the length of the list if it is not there.
Eigen::Index place_in(const TopkLists& lists, Index candidate, Index query) {
  Eigen::Index place = 0;
  while (place < lists.k() && lists.index(candidate, place) != query) ++place;
  return place;
}

double log_rank(Eigen::Index place) {
  return std::log1p(static_cast<double>(place));
}

void fill(const PairLists& lists, Index query, Eigen::Index place, float* out) {
  const Index candidate = lists.forward.index(query, place);
  const float score = lists.forward.score(query, place);
  const float candidate_r = lists.candidate_r[static_cast<std::size_t>(candidate)];
  const float best_other = lists.forward.score(query, place == 0 ? 1 : 0);
  *out++ = (score + lists.query_r[static_cast<std::size_t>(query)] + candidate_r) / 2;
  *out++ = candidate_r;
  *out++ = static_cast<float>(log_rank(place));
  *out++ = std::isfinite(best_other) ? score - best_other : 0;
  *out++ = score - lists.backward.score(candidate, 0);
  *out++ = static_cast<float>(log_rank(place_in(lists.backward, candidate, query)));
  *out++ = static_cast<float>(log_rank(candidate));
  *out++ = static_cast<float>(std::abs(log_rank(candidate) - log_rank(query)));
  append_spelling(compare_spelling(lists.query_keys, query, lists.candidate_keys, candidate), out);
}

}  // namespace

float* append_spelling(const SpellingSimilarity& spelling, float* out) {
  for (const float similarity :
       {spelling.edit, spelling.bigram_dice, spelling.trigram_dice, spelling.prefix,
        spelling.long_prefix, spelling.length_difference, spelling.equal, spelling.digits})
    *out++ = similarity;
  return out;
}

CandidateFeatures pair_features(const PairLists& lists) {
  CandidateFeatures features;
  const Eigen::Index queries = lists.forward.rows();
  features.begins.reserve(static_cast<std::size_t>(queries) + 1);
  for (Eigen::Index query = 0; query < queries; ++query)
    features.begins.push_back(features.begins.back() +
                              static_cast<std::size_t>(filled(lists.forward, query)));
  features.values.resize(static_cast<Eigen::Index>(features.begins.back()),
                         static_cast<Eigen::Index>(kPairFeatures.size()));
  const Blocks blocks{features.lists(), kBlock};
  parallel_for(blocks.count(), [&](std::size_t block) {
    for (std::size_t i = blocks.begin(block); i < blocks.begin(block) + blocks.length(block); ++i)
      for (std::size_t row = features.begins[i]; row < features.begins[i + 1]; ++row)
        fill(lists, static_cast<Index>(i), static_cast<Eigen::Index>(row - features.begins[i]),
             features.values.row(static_cast<Eigen::Index>(row)).data());
  });
  return features;
}

}  // namespace xalign
