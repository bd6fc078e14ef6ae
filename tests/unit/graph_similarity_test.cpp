#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/graph_similarity.h>

#include <cmath>

using namespace xalign;
using test::random_unit_rows;

TEST_CASE("a path has the Laplacian spectrum of a path") {
  // Angles 0, 10, 21, 60 degrees: with one neighbour each, the edges are 0-1, 1-2 and 2-3.
  Matrix rows(4, 2);
  Eigen::Index i = 0;
  for (const double degrees : {0.0, 10.0, 21.0, 60.0}) {
    rows(i, 0) = static_cast<float>(std::cos(degrees * M_PI / 180));
    rows(i++, 1) = static_cast<float>(std::sin(degrees * M_PI / 180));
  }
  const auto spectrum = laplacian_spectrum(rows, 1);
  const double expected[] = {2 + std::sqrt(2.0), 2, 2 - std::sqrt(2.0), 0};
  for (std::size_t j = 0; j < 4; ++j) REQUIRE(std::abs(spectrum[j] - expected[j]) < 1e-9);
}

TEST_CASE("the similarity sums over the largest values that make up most of the sum") {
  // 90 % of 10 and 20 are reached after 2 and 1 values: one difference counts.
  const std::vector<double> a{6, 3, 1, 0}, b{19, 1, 0, 0};
  REQUIRE(eigenvector_similarity(a, b) == 169);
  REQUIRE(eigenvector_similarity(a, a) == 0);
  REQUIRE(eigenvector_similarity(a, b, 1) == 169 + 4);
}

TEST_CASE("rotated rows cannot be told apart, other rows can") {
  const Matrix rows = random_unit_rows(150, 8, 1);
  const Matrix rotated = rows * test::random_rotation(8, 2);
  const auto spectrum = laplacian_spectrum(rows);
  REQUIRE(eigenvector_similarity(spectrum, laplacian_spectrum(rotated)) < 1e-6);
  REQUIRE(eigenvector_similarity(spectrum, laplacian_spectrum(random_unit_rows(150, 3, 3))) > 1);
}

TEST_CASE("few rows and bad options") {
  REQUIRE(laplacian_spectrum(Matrix(0, 3)).empty());
  REQUIRE(laplacian_spectrum(random_unit_rows(1, 3, 4)) == std::vector<double>{0});
  REQUIRE_THROWS_AS(laplacian_spectrum(random_unit_rows(5, 3, 4), 0), Error);
  REQUIRE(eigenvector_similarity({}, {}) == 0);
}
