#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/representation_similarity.h>

#include <cmath>
#include <vector>

using namespace xalign;
using test::random_matrix;
using test::random_rotation;

namespace {

double pearson(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sa += a[i];
    sb += b[i];
    saa += a[i] * a[i];
    sbb += b[i] * b[i];
    sab += a[i] * b[i];
  }
  return (sab / n - sa / n * sb / n) /
         std::sqrt((saa / n - sa / n * sa / n) * (sbb / n - sb / n * sb / n));
}

}  // namespace

TEST_CASE("relational similarity is the correlation over all pairs") {
  const Matrix source = random_matrix(60, 8, 1);
  const Matrix target = source * random_matrix(8, 5, 2) + random_matrix(60, 5, 3);
  std::vector<double> a, b;
  for (Eigen::Index i = 0; i < 60; ++i)
    for (Eigen::Index j = 0; j < i; ++j) {
      a.push_back(source.row(i).normalized().dot(source.row(j).normalized()));
      b.push_back(target.row(i).normalized().dot(target.row(j).normalized()));
    }
  REQUIRE(std::abs(relational_similarity(source, target) - pearson(a, b)) < 1e-5);
  REQUIRE(std::abs(relational_similarity(source, source * random_rotation(8, 4)) - 1) < 1e-5);
}

TEST_CASE("relational similarity is a correlation of few rows, too, or not defined") {
  for (const unsigned seed : {1u, 2u, 3u, 4u, 5u}) {
    const Matrix source = random_matrix(12, 90, seed), target = random_matrix(12, 70, seed + 50);
    REQUIRE(std::isnan(relational_similarity(source.topRows(2), target.topRows(2))));
    for (const Eigen::Index rows : {3, 4, 12}) {
      const double r = relational_similarity(source.topRows(rows), target.topRows(rows));
      REQUIRE(std::abs(r) <= 1);
      REQUIRE(relational_similarity(source.topRows(rows), source.topRows(rows)) <= 1);
    }
  }
  // All rows of one side point one way.
  const Matrix same = Matrix::Constant(5, 7, 0.3F), other = random_matrix(5, 7, 9);
  REQUIRE(std::isnan(relational_similarity(same, other)));
  REQUIRE(std::isnan(relational_similarity(other, same)));
}

TEST_CASE("CKA is that of the centered kernels") {
  const Matrix source = random_matrix(50, 6, 5), target = source.leftCols(3).array().cube();
  const Eigen::MatrixXd x = source.cast<double>(), y = target.cast<double>();
  const Eigen::MatrixXd cx = x.rowwise() - x.colwise().mean();
  const Eigen::MatrixXd cy = y.rowwise() - y.colwise().mean();
  const Eigen::MatrixXd k = cx * cx.transpose(), l = cy * cy.transpose();
  const double expected = (k * l).trace() / std::sqrt((k * k).trace() * (l * l).trace());
  REQUIRE(std::abs(linear_cka(source, target) - expected) < 1e-9);
  REQUIRE(std::abs(linear_cka(source, 3 * source * random_rotation(6, 6)) - 1) < 1e-6);
}

TEST_CASE("canonical correlations of two known columns") {
  // Columns (a, b) and (a, c) with a, b, c orthogonal and centered: correlations 1 and 0.
  Matrix source(4, 2), target(4, 2);
  source << 1, 1, 1, -1, -1, 1, -1, -1;
  target << 1, 1, 1, -1, -1, -1, -1, 1;
  REQUIRE(std::abs(svcca(source, target) - 0.5) < 1e-9);
  REQUIRE(std::abs(projection_weighted_cca(source, target) - 0.5) < 1e-9);
  // With a nine times as long it makes up 9/10 of the source.
  source.col(0) *= 9;
  REQUIRE(std::abs(projection_weighted_cca(source, target) - 0.9) < 1e-9);
  // And 81/82 of the variance: SVCCA looks at it alone when that is enough.
  REQUIRE(std::abs(svcca(source, target, 0.98) - 1) < 1e-9);
}

TEST_CASE("canonical correlation does not see an invertible map") {
  const Matrix source = random_matrix(300, 5, 7);
  const Matrix target = source * random_matrix(5, 5, 8);
  REQUIRE(std::abs(projection_weighted_cca(source, target) - 1) < 1e-4);
  REQUIRE(std::abs(svcca(source, target, 1) - 1) < 1e-4);
  REQUIRE(linear_cka(source, target) < 0.99);
  const Matrix unrelated = random_matrix(300, 5, 9);
  REQUIRE(svcca(source, unrelated) < 0.3);
  REQUIRE(projection_weighted_cca(source, unrelated) < 0.3);
}

TEST_CASE("sides that are not paired are refused; constant rows are like nothing") {
  const Matrix rows = random_matrix(10, 3, 10);
  REQUIRE_THROWS_AS(linear_cka(rows, rows.topRows(9)), Error);
  REQUIRE_THROWS_AS(svcca(rows.topRows(1), rows.topRows(1)), Error);
  const Matrix constant = Matrix::Ones(10, 3);
  REQUIRE(linear_cka(rows, constant) == 0);
  REQUIRE(svcca(rows, constant) == 0);
  REQUIRE(projection_weighted_cca(constant, rows) == 0);
}
