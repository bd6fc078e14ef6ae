#include "mapping/rerank_candidates.h"

#include <xalign/error.h>
#include <xalign/reranker.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace xalign {
namespace {

constexpr std::size_t kBatch = 8000;  // queries whose lists are in memory together

std::size_t number_of(const std::string& feature) {
  return static_cast<std::size_t>(
      std::find(kRerankFeatures.begin(), kRerankFeatures.end(), feature) - kRerankFeatures.begin());
}

std::optional<AffixTable> make_affixes(const RerankerModel& model, const SpellingTable& keys) {
  if (model.known.empty()) return std::nullopt;
  std::vector<std::string_view> queries, answers;
  for (const auto& [query, answer] : model.known) {
    queries.push_back(query);
    answers.push_back(answer);
  }
  const SpellingTable query_keys(queries), answer_keys(answers);
  std::vector<AffixTable::KeyPair> pairs;
  for (Index i = 0; i < query_keys.size(); ++i)
    pairs.emplace_back(query_keys.key(i), answer_keys.key(i));
  return AffixTable(keys, pairs);
}

void require(bool good, std::string_view found, std::string_view expected) {
  if (!good) throw Error(ErrorKind::data, "reranker", found, expected);
}

}  // namespace

double Calibration::operator()(double share) const {
  constexpr double kLeast = 1e-7;  // shares are float32
  const double p = std::clamp(share, kLeast, 1 - kLeast);
  return 1 / (1 + std::exp(-(low * std::log(p) - high * std::log1p(-p) + offset)));
}

void RerankerOptions::validate() const {
  const auto refuse = [](const char* option, int found, std::string_view expected) {
    throw Error(ErrorKind::config, option, fmt::format("{}", found), expected);
  };
  if (neighbors < 2 || neighbors > kMaxTopk) refuse("neighbors", neighbors, "2 to 128");
  if (alike < 0 || alike > kMaxTopk) refuse("alike", alike, "0 to 128");
  if (min_seeds < 10) refuse("min_seeds", min_seeds, "10 or more");
}

std::vector<std::string> reranker_features() {
  return {kRerankFeatures.begin(), kRerankFeatures.end()};
}

void RerankerModel::validate() const {
  require(neighbors >= 2 && neighbors <= kMaxTopk, fmt::format("{} neighbours", neighbors),
          fmt::format("2 to {}", kMaxTopk));
  require(alike >= 0 && alike <= kMaxTopk, fmt::format("{} candidates by spelling", alike),
          fmt::format("0 to {}", kMaxTopk));
  require(features.size() == coefficients.size(), "features and coefficients of different numbers",
          "one coefficient each");
  for (std::size_t i = 0; i < features.size(); ++i) {
    require(number_of(features[i]) < kRerankFeatures.size(), "an unknown feature",
            "those of this version");
    require(std::find(features.begin(), features.begin() + static_cast<std::ptrdiff_t>(i),
                      features[i]) == features.begin() + static_cast<std::ptrdiff_t>(i),
            "a feature twice", "each once");
    require(std::isfinite(coefficients[i]), "a coefficient that is not finite", "numbers");
  }
  const auto positive = [](double x) { return std::isfinite(x) && x > 0; };
  require(
      positive(calibration.low) && positive(calibration.high) && std::isfinite(calibration.offset),
      "a calibration that is none", "two positive slopes and a number");
}

struct Reranker::Impl {
  Impl(const RerankerModel& learned, const Embeddings& asked, const Embeddings& answers)
      : model(learned),
        queries(asked),
        keys(answers.words),
        index(keys),
        affixes(make_affixes(learned, keys)),
        space(asked.vectors, answers.vectors, keys, index, affixes ? &*affixes : nullptr),
        coefficients(VectorD::Zero(static_cast<Eigen::Index>(kRerankFeatures.size()))) {
    for (std::size_t i = 0; i < model.features.size(); ++i)
      coefficients[static_cast<Eigen::Index>(number_of(model.features[i]))] = model.coefficients[i];
    votes = !coefficients.segment(kVoteFeature, kFrequencyFeature - kVoteFeature).isZero(0);
  }

  void rank(std::span<const Index> rows, Eigen::Index first, TopkLists& best) const;

  RerankerModel model;
  const Embeddings& queries;
  SpellingTable keys;
  SpellingIndex index;
  std::optional<AffixTable> affixes;
  RerankSpace space;
  VectorD coefficients;  // of all features
  bool votes = false;
};

void Reranker::Impl::rank(std::span<const Index> rows, Eigen::Index first, TopkLists& best) const {
  std::vector<std::string_view> words;
  for (const Index row : rows) words.push_back(queries.words[row]);
  const RerankLists lists =
      make_rerank_lists(space, rows, SpellingTable(words), {model.neighbors, model.alike}, votes);
  const std::vector<float> shares = listwise_probabilities(lists.features, coefficients);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t begin = lists.features.begins[i], end = lists.features.begins[i + 1];
    std::vector<std::size_t> order(end - begin);
    std::iota(order.begin(), order.end(), begin);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return shares[a] > shares[b] || (shares[a] == shares[b] && lists.words[a] < lists.words[b]);
    });
    const auto row = first + static_cast<Eigen::Index>(i);
    for (Eigen::Index j = 0; j < best.k() && j < static_cast<Eigen::Index>(order.size()); ++j) {
      const std::size_t candidate = order[static_cast<std::size_t>(j)];
      best.index(row, j) = lists.words[candidate];
      best.score(row, j) =
          static_cast<float>(model.calibration(static_cast<double>(shares[candidate])));
    }
  }
}

Reranker::Reranker(const RerankerModel& model, const Embeddings& queries,
                   const Embeddings& candidates) {
  model.validate();
  impl_ = std::make_unique<Impl>(model, queries, candidates);
}
Reranker::Reranker(Reranker&&) noexcept = default;
Reranker& Reranker::operator=(Reranker&&) noexcept = default;
Reranker::~Reranker() = default;

TopkLists Reranker::rank(std::span<const Index> rows, int k) const {
  if (k < 1 || k > kMaxTopk)
    throw Error(ErrorKind::config, "k", fmt::format("{}", k), fmt::format("1 to {}", kMaxTopk));
  TopkLists best;
  const auto count = static_cast<Eigen::Index>(rows.size());
  best.index.setConstant(count, k, -1);
  best.score.setConstant(count, k, -std::numeric_limits<float>::infinity());
  for (std::size_t begin = 0; begin < rows.size(); begin += kBatch)
    impl_->rank(rows.subspan(begin, std::min(kBatch, rows.size() - begin)),
                static_cast<Eigen::Index>(begin), best);
  return best;
}

}  // namespace xalign
