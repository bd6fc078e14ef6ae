#include "io/decimal.h"

#include "support/catch.hpp"

#include <xalign/random.h>

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

using xalign::parse_float;
using xalign::parse_floats;
using xalign::Random;

namespace {

const std::string kPadding(80, '#');

std::uint32_t bits(float value) {
  return std::bit_cast<std::uint32_t>(value);
}

float random_float(Random& random) {
  for (;;) {
    const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(random.next()));
    if (std::isfinite(value)) return value;
  }
}

/// Both the way for text in the middle of a buffer and the one at its very end, against strtof.
void check(const std::string& text) {
  INFO(text);
  const float expected = std::strtof(text.c_str(), nullptr);
  const std::string padded = text + ' ' + kPadding;
  for (const char* readable : {padded.data() + text.size(), padded.data() + padded.size()}) {
    float value = 1;
    const char* end = padded.data() + text.size();
    REQUIRE(parse_float(padded.data(), end, readable, value) == end);
    REQUIRE(bits(value) == bits(expected));
  }
  float value = 1;
  const std::string row = ' ' + padded;
  REQUIRE(parse_floats(row.data(), row.data() + 1 + text.size(), row.data() + row.size(), &value,
                       1) == std::isfinite(expected));
  if (std::isfinite(expected)) REQUIRE(bits(value) == bits(expected));
}

}  // namespace

TEST_CASE("numbers of every usual shape are the nearest float") {
  Random random(1);
  for (int i = 0; i < 40000; ++i) {
    const int digits = static_cast<int>(random.below(18));
    check(fmt::format("{:.{}f}", random.normal(), digits));
    check(fmt::format("{:.{}f}", random.normal() * 1000, digits));
    check(fmt::format("{:.{}e}", random.normal() * 1e-5, digits));
    check(fmt::format("{:.{}g}", random_float(random), digits));
    check(fmt::format("{}", random_float(random)));
  }
}

TEST_CASE("numbers at and near the middle between two floats are rounded right") {
  Random random(2);
  for (int i = 0; i < 40000; ++i) {
    const int exponent = static_cast<int>(random.below(40)) - 30;
    const auto low = static_cast<float>(std::ldexp(1 + random.uniform(), exponent));
    const double middle =
        (static_cast<double>(low) + static_cast<double>(std::nextafter(low, 1e30F))) / 2;
    check(fmt::format("{:.60f}", middle));
    check(fmt::format("{:.{}g}", middle, 15 + random.below(5)));
    check(fmt::format("{}", std::nextafter(middle, 1e30)));
    check(fmt::format("{}", std::nextafter(middle, -1e30)));
  }
  for (const char* text : {"16777217", "16777219", "1.00000005960464477539062", "0.50000003",
                           "9007199254740993", "0.000000000000000000001", "7.00649232162408535e-46",
                           "7.006492321624086e-46", "1.1754943508222875e-38"})
    check(text);
}

TEST_CASE("odd but valid numbers") {
  for (const char* text : {"0",
                           "-0",
                           "0.0",
                           "-0.000",
                           "5.",
                           ".5",
                           "-.5",
                           "1e5",
                           "1E+05",
                           "1e-5",
                           "00001.5",
                           "1e0",
                           "12345678",
                           "123456789.123456789",
                           "3.4028234e38",
                           "3.4028235e38",
                           "3.4028236e38",
                           "1e39",
                           "-1e39",
                           "1e400",
                           "-1e400",
                           "1e-46",
                           "1e-400",
                           "-1e-400",
                           "1e-45",
                           "99999999",
                           "0.99999999",
                           "0.000000000000000000000000000000000000000000000001",
                           "1e22",
                           "1e-22",
                           "1e23",
                           "inf",
                           "nan"})
    if (std::string(text) != "nan") check(text);
  check(std::string(400, '9'));
  check("0." + std::string(400, '0') + "1");
  float value = 0;
  const std::string plus = "+2.5";
  REQUIRE(parse_float(plus.data(), plus.data() + 4, plus.data() + 4, value) == plus.data() + 4);
  REQUIRE(value == 2.5F);
}

TEST_CASE("what is no number") {
  for (const std::string text : {"", "x", "-", "+", "+-1", "--1", ".", "e5", "-.", " 1", "#"}) {
    INFO(text);
    const std::string padded = text + ' ' + kPadding;
    float value = 0;
    for (const std::size_t reach : {text.size(), padded.size()})
      REQUIRE(parse_float(padded.data(), padded.data() + text.size(), padded.data() + reach,
                          value) == nullptr);
  }
}

TEST_CASE("rows are read the same with and without a look ahead") {
  Random random(3);
  const std::vector<std::string> fields = {
      "0.1",  "-0.25", "1.5e-05", "x",   "",      "nan", "1e99",     "1.",         "\r",
      "\x01", "1-2",   "-",       "inf", "0x1p3", "7",   "12345.67", "0.123456789"};
  const std::vector<std::string> separators = {" ", " ", " ", " ", " ", " ", "\t", "  ", " \t", ""};
  int good = 0;
  for (int i = 0; i < 60000; ++i) {
    const std::size_t count = random.below(i % 100 == 0 ? 300 : 6);
    std::string text;
    for (std::size_t j = 0; j < count; ++j) {
      text += separators[random.below(separators.size())];
      text += random.below(20) == 0 ? fields[random.below(fields.size())]
                                    : fmt::format("{:.4f}", random.normal());
    }
    if (random.below(10) == 0) text += ' ';
    const std::string padded = text + '\n' + kPadding;
    const auto expected = static_cast<std::ptrdiff_t>(count + (random.below(10) == 0 ? 1 : 0) -
                                                      (count > 0 && random.below(10) == 0 ? 1 : 0));
    std::vector<float> near(static_cast<std::size_t>(expected)), far(near);
    const char* end = padded.data() + text.size();
    const bool near_good = parse_floats(padded.data(), end, end, near.data(), expected);
    const bool far_good =
        parse_floats(padded.data(), end, padded.data() + padded.size(), far.data(), expected);
    INFO(text);
    REQUIRE(near_good == far_good);
    if (near_good) REQUIRE(near == far);
    good += near_good ? 1 : 0;
  }
  REQUIRE(good > 10000);
}

TEST_CASE("numbers of many digits are the nearest floats, eight at a time and one at a time") {
  Random random(4);
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    std::vector<std::string> fields;
    for (int j = 0; j < 20; ++j) {
      // Mostly one length in a row, as in files, and now and then something else.
      const std::uint64_t digits = random.below(10) == 0 ? 1 + random.below(16) : 1 + i % 15;
      std::string field = fmt::format("{}{}.", random.below(2) == 0 ? "-" : "",
                                      random.below(3) == 0 ? random.below(10) : 0);
      const std::uint64_t zeros = random.below(3) == 0 ? random.below(digits) : 0;
      for (std::uint64_t k = 0; k < digits; ++k)
        field += static_cast<char>('0' + (k < zeros ? 0 : random.below(10)));
      fields.push_back(field);
      text += ' ' + field;
    }
    const std::string padded = text + kPadding;
    std::vector<float> values(fields.size());
    const char* end = padded.data() + text.size();
    REQUIRE(parse_floats(padded.data(), end, padded.data() + padded.size(), values.data(), 20));
    for (std::size_t j = 0; j < fields.size(); ++j) {
      INFO(fields[j]);
      float expected = 0;
      std::from_chars(fields[j].data(), fields[j].data() + fields[j].size(), expected);
      REQUIRE(std::bit_cast<std::uint32_t>(values[j]) == std::bit_cast<std::uint32_t>(expected));
    }
  }
}

TEST_CASE("half-way between two floats is decided by what follows") {
  // Boundaries have 25 bits; one more digit beyond a double's precision tells the side.
  Random random(5);
  for (int i = 0; i < 2000; ++i) {
    const auto odd = 2 * (random.below(std::uint64_t{1} << 23) + (std::uint64_t{1} << 23)) + 1;
    const double boundary = static_cast<double>(odd) * 0x1p-25;
    std::string field = fmt::format("{:.13f}", boundary);
    field.back() = static_cast<char>('0' + random.below(10));
    std::string text;
    for (int j = 0; j < 9; ++j) text += ' ' + field;
    const std::string padded = text + kPadding;
    float values[9];
    const char* end = padded.data() + text.size();
    REQUIRE(parse_floats(padded.data(), end, padded.data() + padded.size(), values, 9));
    float expected = 0;
    std::from_chars(field.data(), field.data() + field.size(), expected);
    INFO(field);
    for (const float value : values) REQUIRE(value == expected);
  }
}
