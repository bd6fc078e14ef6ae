#include "linalg/decompositions.h"
#include "mapping/contrastive_loss.h"
#include "mapping/rcsls_loss.h"
#include "support/brute_topk.h"
#include "support/catch.hpp"
#include "support/matrices.h"
#include "support/pairs.h"

#include <xalign/error.h>
#include <xalign/held_out.h>
#include <xalign/parallel.h>
#include <xalign/refine.h>

#include <cmath>
#include <set>

using namespace xalign;

namespace {

/// Two languages of 60 and 50 words, the second a noisy linear image of the first.
struct Toy {
  Matrix source = test::random_unit_rows(60, 8, 1);
  Matrix target =
      (source.topRows(50) * test::random_matrix(8, 6, 2) + 0.5F * test::random_matrix(50, 6, 3))
          .rowwise()
          .normalized();
  std::vector<WordPair> pairs = [] {
    std::vector<WordPair> list = test::diagonal_pairs(20);
    for (std::size_t i = 0; i < list.size(); ++i) list[i].weight = 1 + static_cast<float>(i % 3);
    list.push_back({3, 30, 1});  // a word with two partners, on each side
    list.push_back({55, 7, 2});
    return list;
  }();
  MapPair maps = solve_multistep(source, target, pairs, {.ridge = 0.3});
};

Eigen::MatrixXd mapped(const Matrix& rows, const Eigen::MatrixXd& map) {
  return rows.cast<double>() * map;
}

double total_weight(const std::vector<WordPair>& pairs) {
  double sum = 0;
  for (const WordPair& pair : pairs) sum += static_cast<double>(pair.weight);
  return sum;
}

/// The loss as its equation reads, with lengths of mapped rows and negatives as they were.
double contrastive_twin(const Toy& toy, const ContrastiveLoss::Terms& terms, double temperature,
                        const Eigen::MatrixXd& source_map, const Eigen::MatrixXd& target_map) {
  const Eigen::VectorXd source_lengths =
      mapped(toy.source, toy.maps.source.cast<double>()).rowwise().norm();
  const Eigen::VectorXd target_lengths =
      mapped(toy.target, toy.maps.target.cast<double>()).rowwise().norm();
  const Eigen::MatrixXd products =
      mapped(toy.source, source_map) * mapped(toy.target, target_map).transpose();
  const auto power = [&](Index a, Index b) {
    return std::exp(products(a, b) / (source_lengths[a] * target_lengths[b]) / temperature);
  };
  double loss = 0;
  for (const WordPair& pair : toy.pairs) {
    double sum = power(pair.source, pair.target);
    for (const WordPair& term : terms.source_negatives)
      if (term.source == pair.source) sum += power(term.source, term.target);
    for (const WordPair& term : terms.target_negatives)
      if (term.target == pair.target) sum += power(term.source, term.target);
    loss -= static_cast<double>(pair.weight) * std::log(power(pair.source, pair.target) / sum);
  }
  return loss / total_weight(toy.pairs);
}

/// The loss of rcsls with a search that sorts everything.
double rcsls_twin(const Toy& toy, const RcslsOptions& options, const Eigen::MatrixXd& w) {
  const Matrix source = (toy.source * toy.maps.source).rowwise().normalized();
  const Matrix target = (toy.target * toy.maps.target).rowwise().normalized();
  const Eigen::MatrixXd scores = mapped(source, w) * target.cast<double>().transpose();
  const auto mean_of_best = [&](Eigen::VectorXd values) {
    std::sort(values.begin(), values.end(), std::greater<>());
    return values.head(options.neighbors).mean();
  };
  double loss = 0;
  for (const WordPair& pair : toy.pairs)
    loss -= static_cast<double>(pair.weight) *
            (2 * scores(pair.source, pair.target) -
             mean_of_best(scores.row(pair.source).head(std::min<Index>(options.words, 50))) -
             mean_of_best(scores.col(pair.target).head(std::min<Index>(options.words, 60))));
  return loss / total_weight(toy.pairs);
}

/// The gradient by central differences.
template <typename Loss>
Eigen::MatrixXd differences(const Loss& loss, const Eigen::MatrixXd& at) {
  constexpr double kStep = 1e-5;
  Eigen::MatrixXd gradient(at.rows(), at.cols());
  for (Eigen::Index i = 0; i < at.rows(); ++i)
    for (Eigen::Index j = 0; j < at.cols(); ++j) {
      Eigen::MatrixXd above = at, below = at;
      above(i, j) += kStep;
      below(i, j) -= kStep;
      gradient(i, j) = (loss(above) - loss(below)) / (2 * kStep);
    }
  return gradient;
}

double difference(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  return (a - b).norm() / (1e-30 + b.norm());
}

void require_equal(const MapPair& a, const MapPair& b) {
  REQUIRE(a.source == b.source);
  REQUIRE(a.target == b.target);
}

}  // namespace

TEST_CASE("contrastive loss and gradient are those of the equation") {
  const Toy toy;
  for (const double temperature : {0.05, 1.0}) {
    const ContrastiveOptions options{.negatives = 4, .words = 40, .temperature = temperature};
    const ContrastiveLoss loss(toy.source, toy.target, toy.maps, toy.pairs, options);
    const Eigen::MatrixXd source = toy.maps.source.cast<double>();
    const Eigen::MatrixXd target = toy.maps.target.cast<double>();
    const auto twin = [&](const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
      return contrastive_twin(toy, loss.terms(), temperature, a, b);
    };
    const ContrastiveLoss::Value value = loss.at(toy.maps);
    REQUIRE(std::abs(value.loss - twin(source, target)) < 1e-5 * std::abs(value.loss));
    const auto by_source =
        differences([&](const Eigen::MatrixXd& a) { return twin(a, target); }, source);
    const auto by_target =
        differences([&](const Eigen::MatrixXd& b) { return twin(source, b); }, target);
    REQUIRE(difference(value.source, by_source) < 1e-4);
    REQUIRE(difference(value.target, by_target) < 1e-4);
  }
}

TEST_CASE("negatives are the nearest words that are not partners") {
  const Toy toy;
  const ContrastiveLoss loss(toy.source, toy.target, toy.maps, toy.pairs,
                             {.negatives = 4, .words = 40});
  const Matrix source = (toy.source * toy.maps.source).rowwise().normalized();
  const Matrix target = (toy.target * toy.maps.target).rowwise().normalized();
  std::vector<std::pair<Index, Index>> partners;
  for (const WordPair& pair : toy.pairs) partners.emplace_back(pair.source, pair.target);
  const auto to_set = [](const std::vector<WordPair>& terms) {
    std::set<std::pair<Index, Index>> set;
    for (const WordPair& term : terms) set.emplace(term.source, term.target);
    REQUIRE(set.size() == terms.size());
    return set;
  };
  const TopkResult of_sources =
      test::brute_topk(source, target.topRows(40), {.row_k = 4, .skip_pairs = partners});
  const TopkResult of_targets =
      test::brute_topk(source.topRows(40), target, {.column_k = 4, .skip_pairs = partners});
  std::set<std::pair<Index, Index>> source_negatives, target_negatives;
  for (const auto& [a, b] : partners)
    for (Index rank = 0; rank < 4; ++rank) {
      source_negatives.emplace(a, of_sources.rows.index(a, rank));
      target_negatives.emplace(of_targets.columns.index(b, rank), b);
    }
  REQUIRE(to_set(loss.terms().source_negatives) == source_negatives);
  REQUIRE(to_set(loss.terms().target_negatives) == target_negatives);
}

TEST_CASE("rcsls loss and gradient are those of the equation") {
  const Toy toy;
  for (const Index words : {40, 1000}) {
    const RcslsOptions options{.neighbors = 3, .words = words};
    RcslsLoss loss(toy.source, toy.target, toy.maps, toy.pairs, options);
    const Eigen::Index c = toy.maps.source.cols();
    for (const std::uint64_t seed : {0, 1, 2}) {  // later searches begin with earlier lists
      const Eigen::MatrixXd w =
          Eigen::MatrixXd::Identity(c, c) +
          0.1 * static_cast<double>(seed) * test::random_matrix(c, c, seed).cast<double>();
      const RcslsLoss::Value value = loss.at(w);
      const auto twin = [&](const Eigen::MatrixXd& at) { return rcsls_twin(toy, options, at); };
      REQUIRE(std::abs(value.loss - twin(w)) < 1e-5 * std::abs(value.loss));
      REQUIRE(difference(value.gradient, differences(twin, w)) < 1e-4);
    }
  }
}

TEST_CASE("refinement lowers its loss") {
  const Toy toy;
  const RefineResult rcsls =
      refine_rcsls(toy.source, toy.target, toy.maps, toy.pairs, {.rate = 50});
  for (std::size_t i = 1; i < rcsls.records.size(); ++i)
    REQUIRE(rcsls.records[i].loss <= rcsls.records[i - 1].loss);
  REQUIRE(rcsls.records.back().loss < rcsls.records.front().loss);
  REQUIRE(rcsls.maps.target == toy.maps.target);
  const RefineResult contrastive = refine_contrastive(toy.source, toy.target, toy.maps, toy.pairs,
                                                      {.negatives = 5, .refresh = 0});
  REQUIRE(contrastive.records.back().loss < contrastive.records.front().loss);
  REQUIRE(contrastive.steps == ContrastiveOptions{}.steps);
  REQUIRE(contrastive.records.size() == static_cast<std::size_t>(contrastive.steps) + 1);
}

TEST_CASE("no steps leave the maps as they are") {
  const Toy toy;
  require_equal(refine_rcsls(toy.source, toy.target, toy.maps, toy.pairs, {.iterations = 0}).maps,
                toy.maps);
  require_equal(refine_contrastive(toy.source, toy.target, toy.maps, toy.pairs, {.steps = 0}).maps,
                toy.maps);
}

TEST_CASE("the spectral variant cuts singular values") {
  const Toy toy;
  const Matrix source = toy.source * toy.maps.source, target = toy.target * toy.maps.target;
  const Matrix identity = Matrix::Identity(source.cols(), source.cols());
  const auto largest = [&](bool spectral) {
    const RefineResult result = refine_rcsls(source, target, {identity, identity, 6}, toy.pairs,
                                             {.rate = 50, .spectral = spectral});
    REQUIRE(result.records.back().loss < result.records.front().loss);
    return svd(MatrixD(result.maps.source.cast<double>()), "test").s[0];
  };
  REQUIRE(largest(true) < 1 + 1e-6);
  REQUIRE(largest(false) > 1.1);
}

TEST_CASE("early stopping returns the maps with the best held-out score") {
  const Toy toy;
  std::vector<WordPair> held_out;
  for (Index i = 35; i < 50; ++i) held_out.push_back({i, i, 1});
  const EarlyStop stop{.held_out = held_out, .every = 2, .patience = 2};
  const auto check = [&](const RefineResult& result) {
    double best = -1;
    int step = -1;
    for (const RefineRecord& record : result.records) {
      REQUIRE(std::isnan(record.held_out) == (record.step % 2 != 0));
      if (record.held_out > best) {
        best = record.held_out;
        step = record.step;
      }
    }
    REQUIRE(result.steps == step);
    REQUIRE(score_held_out(toy.source, toy.target, result.maps, held_out).mean_reciprocal_rank() ==
            best);
    REQUIRE(result.records.back().step <= step + 4);
  };
  check(refine_rcsls(toy.source, toy.target, toy.maps, toy.pairs, {.iterations = 20, .rate = 5},
                     stop));
  check(refine_contrastive(toy.source, toy.target, toy.maps, toy.pairs,
                           {.steps = 40, .negatives = 5, .rate = 1}, stop));
}

TEST_CASE("who watches a refinement sees every step and can end it") {
  const Toy toy;
  int seen = 0;
  const auto until = [&](int last) {
    seen = 0;
    return [&seen, last](const RefineRecord& record) {
      CHECK(record.step == seen++);
      return record.step < last;
    };
  };
  const RefineResult whole = refine_rcsls(toy.source, toy.target, toy.maps, toy.pairs,
                                          {.iterations = 4}, {}, {}, until(100));
  REQUIRE(seen == 5);
  REQUIRE(whole.steps == 4);
  const RefineResult two =
      refine_rcsls(toy.source, toy.target, toy.maps, toy.pairs, {}, {}, {}, until(2));
  REQUIRE(seen == 3);
  REQUIRE(two.steps == 2);
  require_equal(refine_rcsls(toy.source, toy.target, toy.maps, toy.pairs, {.iterations = 2}).maps,
                two.maps);
  const RefineResult three = refine_contrastive(toy.source, toy.target, toy.maps, toy.pairs,
                                                {.negatives = 5}, {}, {}, until(3));
  require_equal(
      refine_contrastive(toy.source, toy.target, toy.maps, toy.pairs, {.steps = 3, .negatives = 5})
          .maps,
      three.maps);
}

TEST_CASE("refinement gives the same bytes for any number of threads") {
  const Toy toy;
  const auto run = [&](int threads) {
    const ThreadLimit limit(threads);
    return std::pair{
        refine_rcsls(toy.source, toy.target, toy.maps, toy.pairs, {.neighbors = 3}).maps,
        refine_contrastive(toy.source, toy.target, toy.maps, toy.pairs, {.negatives = 5}).maps};
  };
  const auto one = run(1), three = run(3);
  require_equal(one.first, three.first);
  require_equal(one.second, three.second);
}

TEST_CASE("refinement refuses what makes no sense") {
  const Toy toy;
  const auto rcsls = [&](const RcslsOptions& options, const EarlyStop& stop = {}) {
    return refine_rcsls(toy.source, toy.target, toy.maps, toy.pairs, options, stop);
  };
  REQUIRE_THROWS_AS(rcsls({.iterations = -1}), Error);
  REQUIRE_THROWS_AS(rcsls({.rate = 0}), Error);
  REQUIRE_THROWS_AS(rcsls({.neighbors = 0}), Error);
  REQUIRE_THROWS_AS(rcsls({.neighbors = 129}), Error);
  REQUIRE_THROWS_AS(rcsls({.words = 0}), Error);
  REQUIRE_THROWS_AS(rcsls({}, {.every = 0}), Error);
  REQUIRE_THROWS_AS(rcsls({}, {.patience = 0}), Error);
  const auto contrastive = [&](const ContrastiveOptions& options) {
    return refine_contrastive(toy.source, toy.target, toy.maps, toy.pairs, options);
  };
  REQUIRE_THROWS_AS(contrastive({.steps = -1}), Error);
  REQUIRE_THROWS_AS(contrastive({.negatives = 0}), Error);
  REQUIRE_THROWS_AS(contrastive({.words = 0}), Error);
  REQUIRE_THROWS_AS(contrastive({.refresh = -1}), Error);
  REQUIRE_THROWS_AS(contrastive({.temperature = 0.001}), Error);
  REQUIRE_THROWS_AS(contrastive({.rate = -1}), Error);
  REQUIRE_THROWS_AS(contrastive({.decay = 1.1}), Error);
  REQUIRE_THROWS_AS(contrastive({.clip = 0}), Error);
  REQUIRE_THROWS_AS(refine_rcsls(toy.source, toy.target, toy.maps, {}), Error);
  const std::vector<WordPair> outside{{0, 50, 1}};
  REQUIRE_THROWS_AS(refine_contrastive(toy.source, toy.target, toy.maps, outside), Error);
  const MapPair narrow{toy.maps.source.leftCols(2), toy.maps.target, 2};
  REQUIRE_THROWS_AS(refine_rcsls(toy.source, toy.target, narrow, toy.pairs), Error);
}
