#include "mapping/fit_reranker.h"

#include "linalg/lbfgs.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>

namespace xalign {
namespace {

constexpr double kL2 = 3e-3;
constexpr int kFolds = 5;  // the last is held out
// Few seeds are the most frequent words, on which frequency tells more than on any others.
constexpr std::size_t kSeedsForFrequency = 2000;

using Numbers = std::vector<std::size_t>;

/// Features that are used together or not at all.
struct Group {
  const char* name;
  std::size_t begin, end;
  std::size_t least_seeds;
};
constexpr Group kBasis{"spelling", 0, kVoteFeature, 0};  // geometry and spelling
constexpr std::array kGroups{
    Group{"affixes", kAffixFeature, kRerankFeatures.size(), 0},
    Group{"votes", kVoteFeature, kFrequencyFeature, 0},
    Group{"frequency", kFrequencyFeature, kAffixFeature, kSeedsForFrequency}};

void add(const Group& group, Numbers& columns) {
  for (std::size_t i = group.begin; i < group.end; ++i) columns.push_back(i);
}

/// The best candidate of each of some lists: how probable, whether right.
struct Best {
  std::vector<double> share;
  std::vector<std::uint8_t> right;
};

Best best_of(const CandidateFeatures& features, const std::vector<std::uint8_t>& gold,
             const Numbers& lists, const VectorD& coefficients) {
  Best best;
  for (const std::size_t list : lists) {
    Eigen::Index most = 0;
    best.share.push_back(list_probabilities(features, list, coefficients).maxCoeff(&most));
    best.right.push_back(gold[features.begins[list] + static_cast<std::size_t>(most)]);
  }
  return best;
}

/// Logistic regression of `right` on the logarithms of the share and of what it lacks to 1.
Calibration calibrate(const Best& best) {
  // The prior pulls weakly towards no change; slopes stay positive so that order is kept.
  constexpr double kLeast = 1e-7, kPrior = 1, kFlattest = 0.02;
  const VectorD no_change = Eigen::Vector3d(1, 1, 0);
  const auto count = static_cast<double>(best.share.size());
  const auto objective = [&](const VectorD& x, VectorD& gradient) {
    double loss = kPrior / 2 * (x - no_change).squaredNorm();
    gradient = kPrior * (x - no_change);
    for (std::size_t i = 0; i < best.share.size(); ++i) {
      const double p = std::clamp(best.share[i], kLeast, 1 - kLeast);
      const Eigen::Vector3d features(std::log(p), -std::log1p(-p), 1);
      const double sign = best.right[i] != 0 ? -1 : 1;
      const double z = sign * x.dot(features);
      loss += std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z)));
      gradient += sign / (1 + std::exp(-z)) * features;
    }
    gradient /= count;
    return loss / count;
  };
  const VectorD found = minimize(objective, no_change).x;
  return {std::max(found[0], kFlattest), std::max(found[1], kFlattest), found[2]};
}

Reliability reliability_of(const Best& best, const Calibration& calibration) {
  std::vector<double> promised;
  for (const double share : best.share) promised.push_back(calibration(share));
  return make_reliability(promised, best.right);
}

/// Gain of b over a on the same queries, with its standard error.
std::pair<double, double> paired_gain(const std::vector<std::uint8_t>& a,
                                      const std::vector<std::uint8_t>& b) {
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = static_cast<double>(b[i]) - static_cast<double>(a[i]);
    sum += difference;
    squares += difference * difference;
  }
  const auto count = static_cast<double>(a.size());
  const double mean = sum / count;
  return {mean, std::sqrt(std::max(squares / count - mean * mean, 0.0) / count)};
}

double mean(const std::vector<std::uint8_t>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

bool is_early(std::size_t place, std::size_t count) {
  return place < count * (kFolds - 1) / kFolds;
}
bool is_late(std::size_t place, std::size_t count) {
  return !is_early(place, count);
}
bool is_even(std::size_t place, std::size_t) {
  return place % 2 == 0;
}
bool is_odd(std::size_t place, std::size_t) {
  return place % 2 == 1;
}
bool is_any(std::size_t, std::size_t) {
  return true;
}

}  // namespace

void RerankerFit::add_fold(ConstRows queries, ConstRows candidates, std::span<const WordPair> pairs,
                           std::span<const WordPair> known) {
  std::map<Index, std::vector<Index>> gold;
  for (const WordPair& pair : pairs) gold[pair.source].push_back(pair.target);
  std::vector<Index> rows;
  std::vector<std::string_view> words;
  for (const auto& entry : gold) {
    rows.push_back(entry.first);
    words.push_back(query_words_[entry.first]);
  }
  std::vector<AffixTable::KeyPair> known_keys;
  for (const WordPair& pair : known)
    known_keys.emplace_back(query_keys_.key(pair.source), candidate_keys_.key(pair.target));
  const AffixTable affixes(candidate_keys_, known_keys);
  const RerankLists lists =
      make_rerank_lists(RerankSpace(queries, candidates, candidate_keys_, index_, &affixes), rows,
                        SpellingTable(words), reach_, true);
  const Eigen::Index before = all_.features.values.rows();
  all_.features.values.conservativeResize(before + lists.features.values.rows(),
                                          lists.features.values.cols());
  all_.features.values.bottomRows(lists.features.values.rows()) = lists.features.values;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    all_.features.begins.push_back(static_cast<std::size_t>(before) + lists.features.begins[i + 1]);
    all_.queries.push_back(rows[i]);
    const std::vector<Index>& right = gold[rows[i]];
    for (std::size_t j = lists.features.begins[i]; j < lists.features.begins[i + 1]; ++j)
      all_.gold.push_back(std::find(right.begin(), right.end(), lists.words[j]) != right.end() ? 1
                                                                                               : 0);
  }
}

Numbers RerankerFit::select(bool (*wanted)(std::size_t place, std::size_t count)) const {
  Numbers order(all_.queries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return all_.queries[a] < all_.queries[b]; });
  Numbers lists;
  for (std::size_t place = 0; place < order.size(); ++place)
    if (wanted(place, order.size())) lists.push_back(order[place]);
  return lists;
}

VectorD RerankerFit::fit_coefficients(const Numbers& lists, const Numbers& features,
                                      const VectorD& start) const {
  return fit_listwise(all_.features, all_.gold,
                      {.l2 = kL2, .lists = lists, .features = features, .start = start});
}

RerankerModel RerankerFit::fit(const Numbers& features, const VectorD& start) const {
  RerankerModel model;
  model.neighbors = reach_.neighbors;
  model.alike = reach_.alike;
  const VectorD coefficients = fit_coefficients(select(is_any), features, start);
  for (const std::size_t feature : features) {
    model.features.emplace_back(kRerankFeatures.at(feature));
    model.coefficients.push_back(coefficients[static_cast<Eigen::Index>(feature)]);
  }
  if (std::ranges::find(features, kAffixFeature) != features.end())
    for (const WordPair& pair : seeds_)
      if (const std::string_view query = query_words_[pair.source],
          answer = candidate_words_[pair.target];
          is_utf8(query) && is_utf8(answer))
        model.known.emplace_back(query, answer);
  // Shares of lists that the coefficients were not fitted on.
  const Numbers even = select(is_even), odd = select(is_odd);
  Best best;
  for (const bool swapped : {false, true}) {
    const VectorD half = fit_coefficients(swapped ? odd : even, features, coefficients);
    const Best judged = best_of(all_.features, all_.gold, swapped ? even : odd, half);
    best.share.insert(best.share.end(), judged.share.begin(), judged.share.end());
    best.right.insert(best.right.end(), judged.right.begin(), judged.right.end());
  }
  model.calibration = calibrate(best);
  model.reliability = reliability_of(best, model.calibration);
  return model;
}

std::optional<RerankerModel> RerankerFit::choose() {
  VectorD csls = VectorD::Zero(static_cast<Eigen::Index>(kRerankFeatures.size()));
  csls[kRankFeature] = -1;
  const Numbers early = select(is_early), late = select(is_late);
  std::vector<std::uint8_t> before = best_of(all_.features, all_.gold, late, csls).right;
  trials_ = {{"csls", static_cast<Index>(before.size()), mean(before), 0, 0, true}};
  Numbers chosen;
  VectorD coefficients;  // of what is chosen, from which the next fit begins
  std::string name;
  const auto attempt = [&](const Group& group) {
    Numbers columns = chosen;
    add(group, columns);
    const std::string named = name.empty() ? group.name : name + "+" + group.name;
    const VectorD fitted = fit_coefficients(early, columns, coefficients);
    const std::vector<std::uint8_t> right = best_of(all_.features, all_.gold, late, fitted).right;
    const auto [gain, error] = paired_gain(before, right);
    const bool better = gain > error;
    trials_.push_back({named, static_cast<Index>(right.size()), mean(right), gain, error, better});
    if (!better) return;
    for (std::size_t i = 0; i + 1 < trials_.size(); ++i) trials_[i].chosen = false;
    chosen = columns;
    coefficients = fitted;
    name = named;
    before = right;
  };
  attempt(kBasis);
  if (chosen.empty()) {  // together with a group they may still be better
    add(kBasis, chosen);
    name = kBasis.name;
  }
  for (const Group& group : kGroups)
    if (all_.queries.size() >= group.least_seeds) attempt(group);
  if (trials_.front().chosen) return std::nullopt;
  return fit(chosen, coefficients);
}

RerankerModel RerankerFit::fit_like(const RerankerModel& other) const {
  Numbers columns;
  VectorD start = VectorD::Zero(static_cast<Eigen::Index>(kRerankFeatures.size()));
  for (std::size_t i = 0; i < other.features.size(); ++i) {
    columns.push_back(static_cast<std::size_t>(
        std::find(kRerankFeatures.begin(), kRerankFeatures.end(), other.features[i]) -
        kRerankFeatures.begin()));
    start[static_cast<Eigen::Index>(columns.back())] = other.coefficients[i];
  }
  return fit(columns, start);
}

}  // namespace xalign
