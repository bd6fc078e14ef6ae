#include "support/catch.hpp"
#include "support/matrices.h"
#include "support/multistep_twin.h"
#include "support/pairs.h"

#include <xalign/consistency.h>
#include <xalign/error.h>
#include <xalign/parallel.h>

using namespace xalign;

namespace {

constexpr Eigen::Index kDimension = 30;

/// A language, the same turned and blurred, and one that has nothing to do with it.
struct Languages {
  Matrix source = test::random_unit_rows(900, kDimension, 1);
  Matrix turned = (source * test::random_orthogonal(kDimension, 2) +
                   0.08F * test::random_matrix(900, kDimension, 3))
                      .rowwise()
                      .normalized();
  Matrix other = test::random_unit_rows(900, kDimension, 4);
  MapPair right = solve_procrustes(source, turned, test::diagonal_pairs(200));
  MapPair wrong{test::random_orthogonal(kDimension, 5), Matrix::Identity(kDimension, kDimension),
                0};
};

}  // namespace

TEST_CASE("consistency is high for a right map and low for a wrong one") {
  const Languages l;
  const Consistency right = measure_consistency(l.source, l.turned, l.right);
  REQUIRE(right.held_out > 0.8);
  REQUIRE(right.agreement > 0.7);
  REQUIRE(right.pairs > 700);
  REQUIRE(right.words == 900);
  REQUIRE(measure_consistency(l.source, l.turned, l.wrong).held_out < 0.5);
  REQUIRE(measure_consistency(l.source, l.turned, l.right, 400).words == 400);
}

TEST_CASE("consistency of identical rows under the same map is complete") {
  const Languages l;
  const Matrix same = Matrix::Identity(kDimension, kDimension);
  const Consistency consistency = measure_consistency(l.source, l.source, {same, same, 0});
  REQUIRE(consistency.held_out == 1);
  REQUIRE(consistency.agreement == 1);
  REQUIRE(consistency.pairs == 900);
}

TEST_CASE("the verdict tells success from failure") {
  const Languages l;
  const Verdict good = judge_alignment(l.source, l.turned, l.right);
  REQUIRE(good.outcome == Outcome::aligned);
  REQUIRE(good.strength() > 0.5);
  REQUIRE(!good.held_out_precision);
  REQUIRE(judge_alignment(l.source, l.turned, l.wrong).outcome == Outcome::failed);
  REQUIRE(judge_alignment(l.source, l.other, l.wrong).outcome == Outcome::failed);
  // A dictionary that is wrong does not help.
  std::vector<WordPair> pairs = test::diagonal_pairs(200);
  for (WordPair& pair : pairs) pair.target = (pair.target * 7 + 3) % 900;
  const MapPair misled = solve_procrustes(l.source, l.turned, pairs);
  REQUIRE(judge_alignment(l.source, l.turned, misled).outcome == Outcome::failed);
}

TEST_CASE("null runs take spelling in where there are words") {
  const Languages l;
  Vocabulary source, target;
  for (int i = 0; i < 900; ++i) {
    source.insert("someword" + std::to_string(i * 7919));
    target.insert("somewort" + std::to_string(i * 7919));
  }
  JudgeOptions options;
  options.source_words = &source;
  options.target_words = &target;
  const Verdict good = judge_alignment(l.source, l.turned, l.right, {}, options);
  REQUIRE(good.outcome == Outcome::aligned);
  REQUIRE(good.null > 0);
  REQUIRE(good.null != judge_alignment(l.source, l.turned, l.right).null);
  REQUIRE(judge_alignment(l.source, l.other, l.wrong, {}, options).outcome == Outcome::failed);
  {
    const ThreadLimit limit(3);
    REQUIRE(judge_alignment(l.source, l.turned, l.right, {}, options).null == good.null);
  }
  options.target_words = nullptr;
  REQUIRE_THROWS_AS(judge_alignment(l.source, l.turned, l.right, {}, options), Error);
  const Vocabulary few;
  options.target_words = &few;
  REQUIRE_THROWS_AS(judge_alignment(l.source, l.turned, l.right, {}, options), Error);
}

TEST_CASE("the verdict reports held-out seeds") {
  const Languages l;
  std::vector<WordPair> held_out;
  for (Index i = 300; i < 400; ++i) held_out.push_back({i, i, 1});
  REQUIRE(judge_alignment(l.source, l.turned, l.right, held_out).held_out_precision > 0.8);
  REQUIRE(judge_alignment(l.source, l.turned, l.wrong, held_out).held_out_precision < 0.1);
}

TEST_CASE("vocabularies too small to tell are failed, not errors") {
  const Languages l;
  const Verdict verdict = judge_alignment(l.source.topRows(1), l.turned.topRows(1), l.right);
  REQUIRE(verdict.outcome == Outcome::failed);
  REQUIRE(verdict.found.pairs == 1);
}

TEST_CASE("the verdict is the same for any number of threads") {
  const Languages l;
  const auto judge = [&](int threads) {
    const ThreadLimit limit(threads);
    return judge_alignment(l.source, l.turned, l.right);
  };
  const Verdict one = judge(1), three = judge(3);
  REQUIRE(one.found.held_out == three.found.held_out);
  REQUIRE(one.found.agreement == three.found.agreement);
  REQUIRE(one.null == three.null);
}

TEST_CASE("the verdict refuses what makes no sense") {
  const Languages l;
  REQUIRE_THROWS_AS(judge_alignment(l.source, l.turned, l.right, {}, {.words = 0}), Error);
  REQUIRE_THROWS_AS(judge_alignment(l.source, l.turned, l.right, {}, {.null_runs = 0}), Error);
  REQUIRE_THROWS_AS(judge_alignment(l.source, l.turned, l.right, {}, {.null_rounds = -1}), Error);
  const MapPair narrow{l.right.source.leftCols(3), l.right.target, 3};
  REQUIRE_THROWS_AS(judge_alignment(l.source, l.turned, narrow), Error);
}
