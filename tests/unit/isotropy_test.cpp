#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/isotropy.h>
#include <xalign/parallel.h>

#include <cmath>
#include <limits>

using namespace xalign;
using test::random_matrix;

TEST_CASE(
    "IsoScore is 1 for equal variances, 0 for one direction, and what a pencil gives between") {
  Matrix cross(4, 2);
  cross << 1, 0, -1, 0, 0, 1, 0, -1;
  REQUIRE(std::abs(score_isoscore(cross) - 1) < 1e-9);
  Matrix line(3, 2);
  line << 1, 2, 2, 4, 5, 10;
  REQUIRE(std::abs(score_isoscore(line)) < 1e-9);
  // Variances 3 : 1 scale to (3, 1) sqrt(2 / 10). The score is ((sum^2 / 2) - 1) / (2 - 1) with
  // sum^2 = 16 / 5, because |l - 1|^2 = 2 d - 2 sum makes d - e^2 (d - sqrt(d)) = sum.
  Matrix oval(4, 2);
  oval << std::sqrt(3.0F), 0, -std::sqrt(3.0F), 0, 0, 1, 0, -1;
  REQUIRE(std::abs(score_isoscore(oval) - 0.6) < 1e-6);
}

TEST_CASE("IsoScore does not depend on the mean, on scale or on rotation") {
  const Matrix rows = random_matrix(500, 6, 1) * random_matrix(6, 6, 2);
  const double score = score_isoscore(rows);
  REQUIRE(score > 0);
  REQUIRE(score < 1);
  Matrix moved = 7 * rows;
  moved.rowwise() += random_matrix(1, 6, 3).row(0);
  REQUIRE(std::abs(score_isoscore(moved) - score) < 1e-5);
  REQUIRE(std::abs(score_isoscore(rows * test::random_rotation(6, 4)) - score) < 1e-5);
}

TEST_CASE("the partition score is that of its definition") {
  // X' X = diag(8, 2): along the first axis e^2 + e^-2 + 2, along the second 2 + e + e^-1.
  Matrix rows(4, 2);
  rows << 2, 0, -2, 0, 0, 1, 0, -1;
  const double expected = (2 + 2 * std::cosh(1.0)) / (2 + 2 * std::cosh(2.0));
  REQUIRE(std::abs(score_partition(rows) - expected) < 1e-9);
  // Both signs of a direction count: exp(1) against exp(-1).
  REQUIRE(std::abs(score_partition(Matrix::Ones(1, 1)) - std::exp(-2.0)) < 1e-9);
}

TEST_CASE("the partition score does not overflow") {
  const Matrix rows = 1000 * random_matrix(700, 5, 5);
  REQUIRE(score_partition(rows) >= 0);
  REQUIRE(score_partition(rows) < 1e-9);
}

TEST_CASE("the mean cosine is the mean over all pairs") {
  Matrix rows = random_matrix(40, 5, 6);
  rows.array() += 0.7F;
  double sum = 0;
  for (Eigen::Index i = 0; i < 40; ++i)
    for (Eigen::Index j = 0; j < 40; ++j)
      if (i != j) sum += rows.row(i).normalized().dot(rows.row(j).normalized());
  REQUIRE(std::abs(mean_cosine(rows) - sum / (40 * 39)) < 1e-6);
  REQUIRE(mean_cosine(rows.topRows(1)) == 0);
}

TEST_CASE("isotropy is the same for any number of threads, and refuses what has none") {
  const Matrix rows = random_matrix(3000, 12, 7);
  const ThreadLimit limit(1);
  const double one = score_partition(rows), iso = score_isoscore(rows);
  const ThreadLimit more(3);
  REQUIRE(score_partition(rows) == one);
  REQUIRE(score_isoscore(rows) == iso);
  REQUIRE_THROWS_AS(score_isoscore(Matrix(0, 3)), Error);
  Matrix bad = rows;
  bad(4, 4) = std::numeric_limits<float>::quiet_NaN();
  REQUIRE_THROWS_AS(score_partition(bad), Error);
}
