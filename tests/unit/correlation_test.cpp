#include "support/catch.hpp"

#include <xalign/correlation.h>

#include <cmath>

using namespace xalign;

TEST_CASE("equal values share the mean of their ranks") {
  const std::vector<double> values = {3, 1, 3, 2, 3};
  CHECK(fractional_ranks(values) == std::vector<double>{4, 1, 4, 2, 4});
}

TEST_CASE("correlations worked out by hand") {
  // Deviations of x are -2 -1 0 1 2, of y -2 0 -1 2 1: 8 / 10.
  const std::vector<double> x = {1, 2, 3, 4, 5}, y = {1, 3, 2, 5, 4};
  CHECK(std::abs(pearson(x, y) - 0.8) < 1e-12);
  CHECK(std::abs(spearman(x, y) - 0.8) < 1e-12);
  // A monotone map leaves ranks as they are.
  const std::vector<double> powers = {1, 1000, 10, 1e9, 1e5};
  CHECK(std::abs(spearman(x, powers) - 0.8) < 1e-12);
  CHECK(pearson(x, powers) < 0.8);
  // Ties: ranks 1.5 1.5 3 against 1 2 3, 1.5 / sqrt(1.5 * 2).
  const std::vector<double> tied = {7, 7, 9}, plain = {1, 2, 3};
  CHECK(std::abs(spearman(tied, plain) - 1.5 / std::sqrt(3.0)) < 1e-12);
}

TEST_CASE("a correlation that is not defined is no number") {
  const std::vector<double> constant = {1, 1, 1}, x = {1, 2, 3}, one = {1}, none;
  CHECK(std::isnan(pearson(constant, x)));
  CHECK(std::isnan(spearman(x, constant)));
  CHECK(std::isnan(pearson(one, one)));
  CHECK(std::isnan(spearman(none, none)));
  // Their mean is not 0.1: 0.1 + 0.1 + 0.1 is rounded.
  const std::vector<double> tenths = {0.1, 0.1, 0.1};
  CHECK(std::isnan(pearson(tenths, x)));
  CHECK(std::isnan(pearson(x, tenths)));
}

TEST_CASE("the size of numbers does not matter to a correlation") {
  const std::vector<double> x = {1, 2, 3, 4, 5}, y = {1, 3, 2, 5, 4};
  for (const double scale : {1e308 / 5, 1e-300}) {
    std::vector<double> scaled = y;
    for (double& value : scaled) value *= scale;
    CHECK(std::abs(pearson(x, scaled) - 0.8) < 1e-12);
    CHECK(std::abs(pearson(scaled, x) - 0.8) < 1e-12);
    CHECK(std::abs(pearson(scaled, scaled) - 1) < 1e-12);
  }
}
