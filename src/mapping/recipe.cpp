#include "mapping/recipe.h"

#include "core/names.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace xalign {
namespace {

using Kind = NormalizeStep::Kind;

/// A step's name, its parameters in the order in which they are written, and their defaults.
struct StepName {
  std::string_view name;
  NormalizeStep defaults;
  std::array<int NormalizeStep::*, 2> counts = {};
  double NormalizeStep::*number = nullptr;
};

// zca: float32 rows carry rounding noise of 1e-14 of their variance. An epsilon of 1e-6 keeps that
// noise small where the covariance is singular, and is far below any eigenvalue of real vectors.
constexpr std::array kSteps{
    StepName{"unit", {Kind::unit}},
    StepName{"center", {Kind::center}},
    StepName{"iternorm", {.kind = Kind::iternorm, .count = 5}, {&NormalizeStep::count}},
    StepName{"abtt", {.kind = Kind::abtt, .count = 1}, {&NormalizeStep::count}},
    StepName{"zca", {.kind = Kind::zca, .epsilon = 1e-6}, {}, &NormalizeStep::epsilon},
    StepName{"outliers", {.kind = Kind::outliers, .threshold = 5}, {}, &NormalizeStep::threshold},
    StepName{"cbie",
             {.kind = Kind::cbie, .count = 12, .clusters = 27},
             {&NormalizeStep::clusters, &NormalizeStep::count}},
};
constexpr std::array<std::string_view, 8> kNames{"unit", "center",   "iternorm", "abtt",
                                                 "zca",  "outliers", "cbie",     "none"};
constexpr int kMaxCount = 1000;

const StepName& name_of(Kind kind) {
  for (const StepName& step : kSteps)
    if (step.defaults.kind == kind) return step;
  throw Error(ErrorKind::config, "normalize", "a step of no known kind");
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

[[noreturn]] void refuse_parameter(std::string_view text, std::string_view expected) {
  throw Error(ErrorKind::config, "normalize", fmt::format("'{}'", printable(text)), expected);
}

template <typename Number>
void parse_parameter(std::string_view step, std::string_view text, std::string_view expected,
                     Number& value) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) refuse_parameter(step, expected);
}

NormalizeStep parse_step(std::string_view text) {
  const auto colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  for (const StepName& known : kSteps) {
    if (known.name != name) continue;
    NormalizeStep step = known.defaults;
    if (colon == std::string_view::npos) return step;
    std::string_view rest = text.substr(colon + 1);
    if (known.number) {
      parse_parameter(text, rest, fmt::format("a number after '{}:'", name), step.*known.number);
    } else if (!known.counts[0]) {
      refuse_parameter(text, fmt::format("'{}' without a parameter", name));
    } else {
      const std::string expected = known.counts[1]
                                       ? fmt::format("two whole numbers after '{}:'", name)
                                       : fmt::format("a whole number after '{}:'", name);
      const auto comma = rest.find(',');
      parse_parameter(text, trim(rest.substr(0, comma)), expected, step.*known.counts[0]);
      if (comma != std::string_view::npos) {
        if (!known.counts[1]) refuse_parameter(text, expected);
        parse_parameter(text, trim(rest.substr(comma + 1)), expected, step.*known.counts[1]);
      }
    }
    validate(step);
    return step;
  }
  throw Error(ErrorKind::config, "normalize",
              text.empty() ? "an empty step" : fmt::format("unknown step '{}'", printable(text)),
              list_names(kNames), did_you_mean(name, kNames));
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Where the step that begins at `begin` ends: at a comma, unless a second number follows it.
std::size_t end_of_step(std::string_view text, std::size_t begin) {
  const std::size_t comma = std::min(text.find(',', begin), text.size());
  const std::size_t next = text.find_first_not_of(" \t", std::min(comma + 1, text.size()));
  const bool has_parameter = text.substr(begin, comma - begin).find(':') != std::string_view::npos;
  if (!has_parameter || next == std::string_view::npos || !is_digit(text[next])) return comma;
  return std::min(text.find(',', next), text.size());
}

}  // namespace

void validate(const NormalizeStep& step) {
  const StepName& known = name_of(step.kind);
  for (int NormalizeStep::*const count : known.counts)
    if (count && (step.*count < 1 || step.*count > kMaxCount))
      throw Error(ErrorKind::config, "normalize", fmt::format("'{}'", to_string(step)),
                  fmt::format("1 to {} after '{}:'", kMaxCount, known.name));
  if (known.number && !(step.*known.number > 0 && std::isfinite(step.*known.number)))
    throw Error(ErrorKind::config, "normalize", fmt::format("'{}'", to_string(step)),
                fmt::format("a positive number after '{}:'", known.name));
}

NormalizeRecipe parse_normalize_recipe(std::string_view text) {
  NormalizeRecipe recipe;
  if (trim(text) == "none") return recipe;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = end_of_step(text, begin);
    recipe.push_back(parse_step(trim(text.substr(begin, end - begin))));
    begin = end + 1;
  }
  return recipe;
}

std::string to_string(const NormalizeStep& step) {
  const StepName& known = name_of(step.kind);
  if (known.number) return fmt::format("{}:{}", known.name, step.*known.number);
  std::string text{known.name};
  for (int NormalizeStep::*const count : known.counts)
    if (count) text += fmt::format("{}{}", count == known.counts[0] ? ':' : ',', step.*count);
  return text;
}

void check_dimension(const NormalizeRecipe& recipe, Eigen::Index dimension) {
  for (const NormalizeStep& step : recipe)
    if ((step.kind == Kind::abtt || step.kind == Kind::cbie) && step.count >= dimension)
      throw Error(ErrorKind::config, "normalize",
                  fmt::format("'{}' for vectors of dimension {}", to_string(step), dimension),
                  "fewer directions than dimensions");
}

std::string to_string(const NormalizeRecipe& recipe) {
  if (recipe.empty()) return "none";
  std::string text;
  for (const NormalizeStep& step : recipe) {
    if (!text.empty()) text += ',';
    text += to_string(step);
  }
  return text;
}

}  // namespace xalign
