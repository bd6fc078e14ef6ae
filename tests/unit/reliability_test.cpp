#include "support/catch.hpp"

#include <xalign/error.h>
#include <xalign/random.h>
#include <xalign/reliability.h>

#include <cmath>
#include <vector>

using namespace xalign;

TEST_CASE("probabilities that hold have no calibration error, boasts have one") {
  Random random(5);
  std::vector<double> honest, boasting;
  std::vector<std::uint8_t> right;
  for (int i = 0; i < 20000; ++i) {
    const double p = static_cast<double>(random.below(1000)) / 1000;
    honest.push_back(p);
    boasting.push_back(std::sqrt(p));
    right.push_back(static_cast<double>(random.below(1000)) / 1000 < p ? 1 : 0);
  }
  const Reliability good = make_reliability(honest, right), bad = make_reliability(boasting, right);
  CHECK(good.error() < 0.02);
  CHECK(bad.error() > 0.1);
  CHECK(std::abs(good.above(8).right - 0.9) < 0.02);
  CHECK(bad.above(8).promised - bad.above(8).right > 0.05);
  CHECK(good.above(0).queries == 20000);
}

TEST_CASE("reliability counts queries by tenths") {
  const std::vector<double> promised{0, 0.05, 0.8, 0.95, 1};
  const std::vector<std::uint8_t> right{0, 1, 1, 0, 1};
  const Reliability reliability = make_reliability(promised, right);
  CHECK(reliability.bins[0].queries == 2);
  CHECK(std::abs(reliability.bins[0].promised - 0.025) < 1e-12);
  CHECK(std::abs(reliability.bins[0].right - 0.5) < 1e-12);
  CHECK(reliability.bins[5] == ReliabilityBin{});
  CHECK(reliability.bins[9].queries == 2);
  CHECK(std::abs(reliability.above(8).right - 2.0 / 3) < 1e-12);
  CHECK(std::abs(reliability.error() - (2 * 0.475 + 0.2 + 2 * 0.475) / 5) < 1e-12);
  CHECK(make_reliability({}, {}).error() == 0);
  CHECK(make_reliability({}, {}).above(8) == ReliabilityBin{});
}

TEST_CASE("what is no probability is refused") {
  const std::vector<std::uint8_t> right{1};
  CHECK_THROWS_AS(make_reliability(std::vector<double>{1.1}, right), Error);
  CHECK_THROWS_AS(make_reliability(std::vector<double>{std::nan("")}, right), Error);
  CHECK_THROWS_AS(make_reliability({}, right), Error);
}
