#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/similarity.h>

#include <algorithm>
#include <cmath>
#include <string>

using namespace xalign;

namespace {

/// Words at angles in the plane, in degrees: the cosine of two is that of their difference.
Embeddings at_angles(std::initializer_list<std::pair<const char*, double>> words) {
  Embeddings embeddings;
  embeddings.vectors.resize(static_cast<Eigen::Index>(words.size()), 2);
  for (const auto& [word, degrees] : words) {
    const double angle = degrees * std::acos(-1.0) / 180;
    embeddings.vectors.row(embeddings.size()) << static_cast<float>(std::cos(angle)),
        static_cast<float>(std::sin(angle));
    embeddings.words.insert(word);
  }
  return embeddings;
}

const Embeddings kWords =
    at_angles({{"a", 0}, {"b", 60}, {"c", 90}, {"d", 120}, {"New_York", 180}});
const std::vector<SimilarityPair> kPairs = {{"a", "b", 4, "x"},         // cosine 0.5
                                            {"a", "c", 2, "y"},         // 0
                                            {"a", "d", 1, "x"},         // -0.5
                                            {"a", "New York", 3, "y"},  // -1
                                            {"a", "z", 9, "x"}};        // unknown

bool near(double a, double b) {
  return std::abs(a - b) < 1e-6;
}

}  // namespace

TEST_CASE("cosines are correlated with judgements") {
  const auto result = evaluate_similarity(kWords, kWords, kPairs);
  CHECK(result.all.total == 5);
  CHECK(result.all.covered == 4);
  // Scores 4 2 1 3 and cosines .5 0 -.5 -1: (0.75 + 0 - ... ) worked out below.
  // Deviations of scores: 1.5 -.5 -1.5 .5; of cosines (mean -.25): .75 .25 -.25 -.75.
  // xy = 1.125 - .125 + .375 - .375 = 1; xx = 5; yy = 1.25.
  CHECK(near(result.all.pearson, 1 / std::sqrt(5 * 1.25)));
  // Ranks 4 2 1 3 and 4 3 2 1: xy = 1.5*1.5 - .5*.5 + 1.5*.5 - .5*1.5 = 2; both squares are 5.
  CHECK(near(result.all.spearman, 0.4));
  CHECK(near(result.all.harmonic_mean, 0.4));
  CHECK(result.all.spearman_ci95.first <= 0.4);
  CHECK(result.all.spearman_ci95.second >= 0.4);
  CHECK(near(*result.cosines[0], 0.5));
  CHECK_FALSE(result.cosines[4]);
  REQUIRE(result.groups.size() == 2);
  CHECK(result.groups[0].name == "x");
  CHECK(result.groups[0].total == 3);
  CHECK(result.groups[0].covered == 2);
  CHECK(near(result.groups[0].pearson, 1));
}

TEST_CASE("unknown words count as the policy says") {
  const auto pearson_with = [](OovPolicy oov) {
    return evaluate_similarity(kWords, kWords, kPairs, {.oov = oov}).all.pearson;
  };
  // Scores 4 2 1 3 9, mean 3.8: deviations .2 -1.8 -2.8 -.8 5.2, squares 38.8.
  // zero: cosines .5 0 -.5 -1 0, mean -.2: xy = .14 - .36 + .84 + .64 + 1.04 = 2.3, squares 1.3.
  CHECK(near(pearson_with(OovPolicy::zero), 2.3 / std::sqrt(38.8 * 1.3)));
  // mean: cosines .5 0 -.5 -1 -.25, mean -.25: xy = .15 - .45 + .7 + .6 + 0 = 1, squares 1.25.
  CHECK(near(pearson_with(OovPolicy::mean), 1 / std::sqrt(38.8 * 1.25)));
}

TEST_CASE("phrases can be made of their words") {
  const std::vector<SimilarityPair> pairs = {
      {"a d", "b", 1, ""}, {"a", "b", 2, ""}, {"a  z", "b", 3, ""}, {"a", "c", 0, ""}};
  CHECK(evaluate_similarity(kWords, kWords, pairs).all.covered == 2);
  const auto result = evaluate_similarity(kWords, kWords, pairs, {.compose = true});
  CHECK(result.all.covered == 3);
  CHECK(result.composed == 1);
  CHECK(near(*result.cosines[0], 1));  // the mean of 0 and 120 degrees
}

TEST_CASE("across languages each column has its side") {
  const auto other = at_angles({{"A", 0}, {"B", 90}});
  const std::vector<SimilarityPair> pairs = {
      {"a", "A", 2, ""}, {"a", "B", 1, ""}, {"A", "a", 5, ""}};
  const auto result = evaluate_similarity(kWords, other, pairs);
  CHECK(result.all.covered == 2);
  CHECK(near(result.all.spearman, 1));
  const auto lower = evaluate_similarity(kWords, kWords, pairs, {.case_policy = CasePolicy::lower});
  CHECK(lower.all.covered == 3);
}

TEST_CASE("one pair, equal judgements and equal cosines have no correlation") {
  const std::vector<SimilarityPair> one = {kPairs[0]};
  const std::vector<SimilarityPair> equal = {
      {"a", "b", 0.1, ""}, {"a", "c", 0.1, ""}, {"a", "d", 0.1, ""}};
  const std::vector<SimilarityPair> same = {{"a", "b", 1, ""}, {"a", "b", 2, ""}};
  for (const auto& pairs : {one, equal, same}) {
    const auto score = evaluate_similarity(kWords, kWords, pairs).all;
    CHECK(score.covered == score.total);
    for (const double figure : {score.spearman, score.pearson, score.harmonic_mean,
                                score.spearman_ci95.first, score.pearson_ci95.second})
      CHECK(std::isnan(figure));
  }
  // Where both are defined, the mean is 0 rather than nothing.
  const std::vector<SimilarityPair> against = {
      {"a", "b", 1, ""}, {"a", "c", 2, ""}, {"a", "d", 3, ""}};
  CHECK(evaluate_similarity(kWords, kWords, against).all.harmonic_mean == 0);
}

TEST_CASE("what rounding tells apart is equal") {
  Embeddings words;
  words.vectors = test::random_unit_rows(40, 60, 1);
  std::vector<SimilarityPair> pairs;
  for (int i = 0; i < 40; ++i) {
    words.words.insert("w" + std::to_string(i));
    pairs.push_back({"w" + std::to_string(i), "w" + std::to_string(i), 1.0 * i, ""});
  }
  const auto themselves = evaluate_similarity(words, words, pairs);
  CHECK(*std::ranges::max_element(themselves.cosines) >
        *std::ranges::min_element(themselves.cosines));
  CHECK(std::isnan(themselves.all.spearman));
  CHECK(std::isnan(themselves.all.pearson));
  // One other pair, the most alike of all: all others stay equal.
  pairs.push_back({"w0", "w1", -1, ""});
  // x from -1 to 39 has the variance 140, its least one stands 20 from the mean: 20 / sqrt(140 *
  // 40).
  const auto one_other = evaluate_similarity(words, words, pairs).all;
  CHECK(near(one_other.pearson, 20 / std::sqrt(140.0 * 40)));
  CHECK(near(one_other.spearman, one_other.pearson));
}

TEST_CASE("without covered pairs there is no correlation") {
  const auto result = evaluate_similarity(kWords, kWords, std::vector<SimilarityPair>{kPairs[4]});
  CHECK(result.all.covered == 0);
  CHECK(std::isnan(result.all.spearman));
  CHECK(std::isnan(result.all.spearman_ci95.first));
  CHECK(std::isnan(result.all.harmonic_mean));
  CHECK_THROWS_AS(evaluate_similarity(kWords, kWords, kPairs, {.resamples = -1}), Error);
}
