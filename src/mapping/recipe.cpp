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

struct StepName {
  std::string_view name;
  Kind kind;
  int count;       // default; 0 = takes no count
  double epsilon;  // default; 0 = takes no epsilon
};

// zca: float32 rows carry rounding noise of 1e-14 of their variance. An epsilon of 1e-6 keeps that
// noise small where the covariance is singular, and is far below any eigenvalue of real vectors.
constexpr std::array kSteps{
    StepName{"unit", Kind::unit, 0, 0},         StepName{"center", Kind::center, 0, 0},
    StepName{"iternorm", Kind::iternorm, 5, 0}, StepName{"abtt", Kind::abtt, 1, 0},
    StepName{"zca", Kind::zca, 0, 1e-6},
};
constexpr std::array<std::string_view, 6> kNames{"unit", "center", "iternorm",
                                                 "abtt", "zca",    "none"};
constexpr int kMaxCount = 1000;

const StepName& name_of(Kind kind) {
  for (const StepName& step : kSteps)
    if (step.kind == kind) return step;
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
    NormalizeStep step{known.kind, known.count, known.epsilon};
    if (colon == std::string_view::npos) return step;
    const std::string_view parameter = text.substr(colon + 1);
    if (known.count > 0)
      parse_parameter(text, parameter, fmt::format("a whole number after '{}:'", name), step.count);
    else if (known.epsilon > 0)
      parse_parameter(text, parameter, fmt::format("a number after '{}:'", name), step.epsilon);
    else
      refuse_parameter(text, fmt::format("'{}' without a parameter", name));
    validate(step);
    return step;
  }
  throw Error(ErrorKind::config, "normalize",
              text.empty() ? "an empty step" : fmt::format("unknown step '{}'", printable(text)),
              list_names(kNames), did_you_mean(name, kNames));
}

}  // namespace

void validate(const NormalizeStep& step) {
  const StepName& known = name_of(step.kind);
  if (known.count > 0 && (step.count < 1 || step.count > kMaxCount))
    throw Error(ErrorKind::config, "normalize", fmt::format("'{}:{}'", known.name, step.count),
                fmt::format("1 to {} after '{}:'", kMaxCount, known.name));
  if (known.epsilon > 0 && !(step.epsilon > 0 && std::isfinite(step.epsilon)))
    throw Error(ErrorKind::config, "normalize", fmt::format("'{}:{}'", known.name, step.epsilon),
                fmt::format("a positive number after '{}:'", known.name));
}

NormalizeRecipe parse_normalize_recipe(std::string_view text) {
  NormalizeRecipe recipe;
  if (trim(text) == "none") return recipe;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    recipe.push_back(parse_step(trim(text.substr(begin, end - begin))));
    begin = end + 1;
  }
  return recipe;
}

std::string to_string(const NormalizeStep& step) {
  const StepName& known = name_of(step.kind);
  if (known.count > 0) return fmt::format("{}:{}", known.name, step.count);
  if (known.epsilon > 0) return fmt::format("{}:{}", known.name, step.epsilon);
  return std::string(known.name);
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
