#include "support/catch.hpp"

#include <xalign/significance.h>

#include <cmath>
#include <vector>

TEST_CASE("the bootstrap interval agrees with the normal approximation") {
  std::vector<double> values(1000, 0.0);
  for (int i = 0; i < 300; ++i) values[static_cast<std::size_t>(i)] = 1;
  const auto [low, high] = xalign::bootstrap_interval(values, 4000, 1);
  const double half = 1.96 * std::sqrt(0.3 * 0.7 / 1000);
  CHECK(std::abs(low - (0.3 - half)) < 0.004);
  CHECK(std::abs(high - (0.3 + half)) < 0.004);
}

TEST_CASE("the bootstrap is reproducible and collapses on constants") {
  const std::vector<double> values = {1, 0, 0, 1, 1, 0.5};
  CHECK(xalign::bootstrap_interval(values, 100, 3) == xalign::bootstrap_interval(values, 100, 3));
  const std::vector<double> same(10, 0.25);
  CHECK(xalign::bootstrap_interval(same, 100, 1) == std::pair{0.25, 0.25});
  CHECK(xalign::bootstrap_interval({}, 100, 1) == std::pair{0.0, 0.0});
}

TEST_CASE("the permutation test tells a real difference from none") {
  // Five differences of one sign: of 32 sign patterns two are as far from 0, p = 1/16.
  const std::vector<double> five(5, 1.0);
  CHECK(std::abs(xalign::permutation_test(five, 20000, 1) - 1.0 / 16) < 0.01);
  const std::vector<double> clear(40, 0.5);
  CHECK(xalign::permutation_test(clear, 1000, 1) == 1.0 / 1001);
  const std::vector<double> none = {1, -1, 1, -1};
  CHECK(xalign::permutation_test(none, 1000, 1) == 1);
  CHECK(xalign::permutation_test({}, 1000, 1) == 1);
  const std::vector<double> zeros(10, 0.0);
  CHECK(xalign::permutation_test(zeros, 1000, 1) == 1);
}
