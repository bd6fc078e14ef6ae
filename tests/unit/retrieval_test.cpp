#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/parallel.h>
#include <xalign/retrieval.h>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace xalign;

namespace {

using Scores = Eigen::MatrixXd;

double mean_of_largest(Eigen::VectorXd values, int k) {
  std::sort(values.data(), values.data() + values.size(), std::greater<>());
  return values.head(std::min<Eigen::Index>(k, values.size())).mean();
}

/// The definitions, written down as they stand in the papers.
Scores brute_scores(const Matrix& source, const Matrix& target, const RetrievalOptions& options) {
  const Scores cosines = source.cast<double>() * target.cast<double>().transpose();
  Scores scores = cosines;
  for (Eigen::Index i = 0; i < scores.rows(); ++i)
    for (Eigen::Index j = 0; j < scores.cols(); ++j) {
      if (options.retrieval == Retrieval::csls) {
        const Eigen::Index n = options.csls_vocab ? options.csls_vocab : source.rows();
        const Eigen::Index m = options.csls_vocab ? options.csls_vocab : target.rows();
        scores(i, j) = 2 * cosines(i, j) -
                       mean_of_largest(cosines.row(i).head(m).transpose(), options.csls_k) -
                       mean_of_largest(cosines.col(j).head(n), options.csls_k);
      } else if (options.retrieval == Retrieval::isf) {
        const double b = options.isf_beta;
        scores(i, j) = b * cosines(i, j) - std::log((b * cosines.col(j)).array().exp().sum());
      }
    }
  return scores;
}

}  // namespace

TEST_CASE("a ranker agrees with the definitions of all ways of retrieval") {
  const Matrix source = test::random_unit_rows(90, 12, 1);
  const Matrix target = test::random_unit_rows(130, 12, 2);
  for (const Retrieval retrieval : {Retrieval::nn, Retrieval::csls, Retrieval::isf})
    for (const Index csls_vocab : {0, 40}) {
      const RetrievalOptions options{
          .retrieval = retrieval, .csls_k = 7, .csls_vocab = csls_vocab, .isf_beta = 12};
      const Scores twin = brute_scores(source, target, options);
      const Ranker ranker(source, target, options);
      const TopkLists lists = ranker.rank(source, 5);
      std::vector<std::vector<Index>> gold;
      for (Index i = 0; i < source.rows(); ++i) gold.push_back({i, static_cast<Index>(129 - i)});
      const auto ranks = ranker.gold_ranks(source, gold, lists);
      for (Eigen::Index i = 0; i < source.rows(); ++i) {
        std::vector<Index> order(130);
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(),
                         [&](Index a, Index b) { return twin(i, a) > twin(i, b); });
        for (int rank = 0; rank < 5; ++rank) {
          REQUIRE(lists.index(i, rank) == order[static_cast<std::size_t>(rank)]);
          REQUIRE(std::abs(lists.score(i, rank) - twin(i, lists.index(i, rank))) < 1e-4);
        }
        const auto first = std::find_first_of(order.begin(), order.end(),
                                              gold[static_cast<std::size_t>(i)].begin(),
                                              gold[static_cast<std::size_t>(i)].end());
        REQUIRE(ranks[static_cast<std::size_t>(i)] == first - order.begin() + 1);
      }
    }
}

TEST_CASE("score_terms gives the scores of all pairs") {
  const Matrix source = test::random_unit_rows(60, 9, 3);
  const Matrix target = test::random_unit_rows(50, 9, 4);
  for (const Index csls_vocab : {0, 20}) {
    const RetrievalOptions options{.csls_k = 10, .csls_vocab = csls_vocab};
    const Scores twin = brute_scores(source, target, options);
    const ScoreTerms terms = score_terms(source, target, options);
    for (Eigen::Index i = 0; i < 60; ++i)
      for (Eigen::Index j = 0; j < 50; ++j)
        REQUIRE(std::abs(terms.scale * (source.row(i).dot(target.row(j)) +
                                        terms.source[static_cast<std::size_t>(i)] +
                                        terms.target[static_cast<std::size_t>(j)]) -
                         twin(i, j)) < 1e-5);
  }
}

TEST_CASE("retrieval does not depend on the number of threads") {
  const Matrix source = test::random_unit_rows(700, 20, 5);
  const Matrix target = test::random_unit_rows(900, 20, 6);
  for (const Retrieval retrieval : {Retrieval::csls, Retrieval::isf}) {
    std::vector<TopkLists> lists;
    for (const int threads : {1, 2, 3}) {
      const ThreadLimit limit(threads);
      lists.push_back(Ranker(source, target, {.retrieval = retrieval}).rank(source, 10));
    }
    for (const auto& other : lists) {
      REQUIRE(other.index == lists[0].index);
      REQUIRE(other.score == lists[0].score);
    }
  }
}

TEST_CASE("few queries are ranked as by a ranker") {
  const Matrix source = test::random_unit_rows(6000, 8, 9);
  const Matrix target = test::random_unit_rows(5000, 8, 10);
  for (const Retrieval retrieval : {Retrieval::nn, Retrieval::csls, Retrieval::isf})
    for (const Eigen::Index first : {0, 5000}) {
      const Matrix queries = source.middleRows(first, 4);
      const RetrievalOptions options{.retrieval = retrieval};
      const auto few = rank_queries(queries, source, target, 5, options);
      const auto all = Ranker(source, target, options).rank(queries, 5);
      CHECK(few.index == all.index);
      CHECK(few.score == all.score);
    }
}

TEST_CASE("a large inverse temperature neither overflows nor vanishes") {
  const Matrix source = test::random_unit_rows(50, 30, 7);
  const Matrix target = -source;
  const auto lists =
      Ranker(source, target, {.retrieval = Retrieval::isf, .isf_beta = 1000}).rank(source, 3);
  REQUIRE(lists.score.allFinite());
}

TEST_CASE("options out of range are refused by name") {
  const Matrix rows = test::random_unit_rows(3, 2, 8);
  CHECK_THROWS_AS(Ranker(rows, rows, {.csls_k = 0}), Error);
  CHECK_THROWS_AS(Ranker(rows, rows, {.csls_vocab = -1}), Error);
  CHECK_THROWS_AS(Ranker(rows, rows, {.isf_beta = 0}), Error);
  CHECK_THROWS_AS(parse_retrieval("cls"), Error);
  CHECK(parse_retrieval("isf") == Retrieval::isf);
}
