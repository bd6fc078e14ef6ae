#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/clustering.h>
#include <xalign/error.h>

#include <cmath>

using namespace xalign;

namespace {
bool near(double a, double b) {
  return std::abs(a - b) < 1e-12;
}
}  // namespace

TEST_CASE("the V-measure worked out by hand") {
  // Classes 0 0 1 1, clusters 0 0 1 2: homogeneous; H(cluster) = 1.5 bits, H(cluster | class) = .5.
  const std::vector<Index> classes = {0, 0, 1, 1}, clusters = {0, 0, 1, 2};
  const VMeasure finer = score_clusters(classes, clusters);
  CHECK(near(finer.homogeneity, 1));
  CHECK(near(finer.completeness, 1 - 0.5 / 1.5));
  CHECK(near(finer.v_measure, 0.8));
  CHECK(near(finer.purity, 1));
  const VMeasure coarser = score_clusters(clusters, classes);
  CHECK(near(coarser.homogeneity, 2.0 / 3));
  CHECK(near(coarser.completeness, 1));
  CHECK(near(coarser.purity, 0.75));
  // Independent labels say nothing of each other.
  const std::vector<Index> across = {0, 1, 0, 1};
  CHECK(near(score_clusters(classes, across).v_measure, 0));
  CHECK(near(score_clusters(classes, classes).v_measure, 1));
}

TEST_CASE("one class or one cluster") {
  const std::vector<Index> one = {0, 0, 0}, three = {0, 1, 2};
  CHECK(near(score_clusters(one, three).homogeneity, 1));
  CHECK(near(score_clusters(one, three).v_measure, 0));
  CHECK(near(score_clusters(three, one).homogeneity, 0));
  CHECK(near(score_clusters(one, one).v_measure, 1));
  CHECK(score_clusters({}, {}).v_measure == 0);
}

TEST_CASE("groups that lie apart are found") {
  Matrix rows = 0.1f * test::random_matrix(90, 8, 1);
  std::vector<Index> classes;
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    rows(i, i % 3) += 1;
    classes.push_back(static_cast<Index>(i % 3));
  }
  rows.rowwise().normalize();
  const auto result = evaluate_clustering(rows, classes);
  CHECK(result.clusters == 3);
  CHECK(near(result.score.v_measure, 1));
  CHECK(evaluate_clustering(rows, classes, {.clusters = 2}).score.v_measure < 0.9);
  CHECK(evaluate_clustering(rows, classes).assignment == result.assignment);
  CHECK_THROWS_AS(evaluate_clustering(rows, classes, {.clusters = 91}), Error);
  CHECK_THROWS_AS(evaluate_clustering(rows, std::vector<Index>{1}), Error);
}
