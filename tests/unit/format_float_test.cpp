#include "io/format_float.h"

#include "support/catch.hpp"

#include <xalign/random.h>

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>

namespace {

std::string shortest(float value) {
  char text[xalign::kLongestFloat];
  return {text, xalign::format_shortest(text, value)};
}

std::string fixed(float value, int precision) {
  char text[xalign::kLongestFloat];
  return {text, xalign::format_fixed(text, value, precision)};
}

std::string printed(float value, int precision) {
  char text[128];
  std::snprintf(text, sizeof text, "%.*f", precision, static_cast<double>(value));
  return text;
}

float random_float(xalign::Random& random) {
  for (;;) {
    const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(random.next()));
    if (std::isfinite(value)) return value;
  }
}

}  // namespace

TEST_CASE("the shortest text reads back as the same float") {
  xalign::Random random(1);
  for (int i = 0; i < 100000; ++i) {
    const float value = random_float(random);
    const float back = std::strtof(shortest(value).c_str(), nullptr);
    REQUIRE(std::bit_cast<std::uint32_t>(back) == std::bit_cast<std::uint32_t>(value));
  }
  REQUIRE(shortest(0.1F) == "0.1");
  REQUIRE(shortest(-0.0F) == "-0");
}

TEST_CASE("fixed decimals agree with printf") {
  xalign::Random random(2);
  for (int i = 0; i < 200000; ++i) {
    const int precision = static_cast<int>(random.below(10));
    const float value = i % 3 == 0 ? random_float(random) : static_cast<float>(random.normal());
    REQUIRE(fixed(value, precision) == printed(value, precision));
  }
  using Limits = std::numeric_limits<float>;
  for (const float value : {0.0F, -0.0F, 0.5F, 1.5F, 2.5F, -0.5F, 0.125F, 9.9999999F, -1e-9F,
                            Limits::max(), Limits::lowest(), Limits::min(), Limits::denorm_min()})
    for (int precision = 0; precision <= 9; ++precision)
      REQUIRE(fixed(value, precision) == printed(value, precision));
}
