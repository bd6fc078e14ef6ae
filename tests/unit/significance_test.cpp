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
