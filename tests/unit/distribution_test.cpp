#include "mapping/transport_plan.h"
#include "support/catch.hpp"
#include "support/matrices.h"
#include "support/multistep_twin.h"

#include <xalign/distribution.h>
#include <xalign/error.h>
#include <xalign/parallel.h>

#include <algorithm>
#include <numeric>

using namespace xalign;

namespace {

constexpr Index kWords = 300;

/// A language of uneven directions, and the same one turned and blurred, its words a little out of
/// order: word i of the source is word place[i] of the target.
struct Languages {
  Matrix source, target;
  std::vector<Index> place = std::vector<Index>(kWords);

  Languages() {
    source = test::random_matrix(kWords, 12, 1);
    for (Eigen::Index j = 0; j < 12; ++j) source.col(j) *= 1 + 3 / static_cast<float>(1 + j);
    source.col(0).array() += source.col(1).array().square();  // no mirror image of itself
    source.rowwise().normalize();
    std::iota(place.begin(), place.end(), 0);
    for (std::size_t i = 0; i + 3 < place.size(); i += 2) std::swap(place[i], place[i + 3]);
    target = Matrix(kWords, 12);
    for (Index i = 0; i < kWords; ++i)
      target.row(place[static_cast<std::size_t>(i)]) = source.row(i);
    target = (target * test::random_orthogonal(12, 2) + 0.02F * test::random_matrix(kWords, 12, 3))
                 .rowwise()
                 .normalized();
  }

  double right(const std::vector<WordPair>& pairs) const {
    const auto count = std::count_if(pairs.begin(), pairs.end(), [&](const WordPair& pair) {
      return place[static_cast<std::size_t>(pair.source)] == pair.target;
    });
    return static_cast<double>(count) / kWords;
  }
};

}  // namespace

TEST_CASE("even rows have the square root of the similarities") {
  const Matrix rows = test::random_matrix(40, 6, 1);
  const Eigen::MatrixXd similarities = (rows * rows.transpose()).cast<double>();
  const Matrix even = even_rows(rows);
  const Eigen::MatrixXd root = (even * even.transpose()).cast<double>();
  REQUIRE((root * root - similarities).norm() < 1e-4 * similarities.norm());
}

TEST_CASE("a plan has equal sums") {
  Matrix plan = test::random_matrix(90, 130, 1);
  scale_plan(plan, 1);
  REQUIRE(plan.minCoeff() > 0);
  REQUIRE((plan.colwise().sum().array() - 90.0F / 130).abs().maxCoeff() < 1e-3F);
  REQUIRE((plan.rowwise().sum().array() - 1).abs().maxCoeff() < 0.05F);
}

TEST_CASE("languages of one shape are matched without a dictionary") {
  const Languages l;
  REQUIRE(l.right(match_distributions(l.source, l.target, {.words = kWords})) > 0.6);
  REQUIRE(l.right(match_distributions(l.source, l.target,
                                      {.match = DistributionMatch::signature, .words = kWords})) >
          0.05);
}

TEST_CASE("the best start by held-out consistency is kept") {
  const Languages l;
  const std::vector<DistributionStart> starts{
      {.words = 20, .iterations = 1}, {.words = kWords}, {.words = 40, .iterations = 2}};
  const DistributionOutcome outcome = find_distribution_pairs(l.source, l.target, starts);
  REQUIRE(outcome.consistency.size() == 3);
  REQUIRE(outcome.consistency[outcome.best] ==
          *std::max_element(outcome.consistency.begin(), outcome.consistency.end()));
  REQUIRE(l.right(outcome.pairs) > 0.8);
}

TEST_CASE("matching gives the same pairs for any number of threads") {
  const Languages l;
  const auto match = [&](int threads) {
    const ThreadLimit limit(threads);
    return match_distributions(l.source, l.target, {.words = kWords, .iterations = 10});
  };
  const auto one = match(1), three = match(3);
  REQUIRE(one.size() == three.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    REQUIRE(one[i].source == three[i].source);
    REQUIRE(one[i].target == three[i].target);
  }
}

TEST_CASE("matching refuses what makes no sense") {
  const Matrix rows = test::random_unit_rows(10, 4, 1);
  const auto match = [&](const DistributionStart& start) {
    return match_distributions(rows, rows, start);
  };
  REQUIRE_THROWS_AS(match({.words = 1}), Error);
  REQUIRE_THROWS_AS(match({.rank_spread = 0}), Error);
  REQUIRE_THROWS_AS(match({.first_temperature = 0}), Error);
  REQUIRE_THROWS_AS(match({.last_temperature = 0.001}), Error);
  REQUIRE_THROWS_AS(match({.last_temperature = 2}), Error);
  REQUIRE_THROWS_AS(match({.iterations = 0}), Error);
  REQUIRE_THROWS_AS(find_distribution_pairs(rows, rows, {}), Error);
  REQUIRE(to_string(DistributionStart{.match = DistributionMatch::signature}) == "signature 2000");
}
