#include "core/names.h"
#include "mapping/recipe.h"
#include "mapping/training_rows.h"

#include <xalign/error.h>
#include <xalign/method.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace xalign {
namespace {

struct NamedMethod {
  std::string_view name;
  bool reduces;  // takes `dimensions`
  std::vector<MethodStep> (*make)(const MethodOptions&);
};

MapMultistep canonical_correlation(const MethodOptions& options) {
  return {{.source_exponent = 0,
           .target_exponent = 0,
           .dewhiten = false,
           .dimensions = options.dimensions}};
}

using Steps = std::vector<MethodStep>;

constexpr std::array kMethods{
    NamedMethod{"auto", true,
                [](const MethodOptions& o) -> Steps { return {MapAuto{o.dimensions}}; }},
    NamedMethod{"procrustes", false,
                [](const MethodOptions&) -> Steps { return {MapProcrustes{}}; }},
    NamedMethod{"multistep", true,
                [](const MethodOptions& o) -> Steps {
                  return {MapMultistep{{.dimensions = o.dimensions}}};
                }},
    NamedMethod{"ridge", false,
                [](const MethodOptions& o) -> Steps {
                  return {MapRidge{o.lambda.value_or(MapRidge{}.lambda)}};
                }},
    NamedMethod{"cca", true,
                [](const MethodOptions& o) -> Steps { return {canonical_correlation(o)}; }},
    NamedMethod{"vecmap", true,
                [](const MethodOptions& o) -> Steps {
                  return {MapProcrustes{}, vecmap_self_learning(),
                          MapMultistep{{.dimensions = o.dimensions}}};
                }},
};

/// Chosen on held-out training pairs of unlike sets of vectors (docs/methods.md): with few pairs
/// the covariances are poorly known, and whitening with them makes noise large.
double auto_ridge(Index pairs) {
  const double ratio = 1000.0 / std::max(pairs, Index{1});
  return std::min(1.0, 0.3 * ratio * ratio);
}

/// Fewer words than that leave nothing to learn from.
constexpr Index kFewestWords = 1000;

std::vector<MethodStep> automatic_steps(const MapAuto& step, Index seeds, Index words) {
  std::vector<MethodStep> steps{
      MapMultistep{{.ridge = auto_ridge(seeds), .dimensions = step.dimensions}}};
  if (words < kFewestWords) return steps;
  return steps;
}

std::vector<std::string_view> names() {
  std::vector<std::string_view> list;
  for (const NamedMethod& method : kMethods) list.push_back(method.name);
  return list;
}

std::string print(const NormalizeVectors& step) {
  return fmt::format("normalize({})", to_string(step.recipe));
}

std::string print(const MapProcrustes&) {
  return "procrustes()";
}

std::string print(const MapMultistep& step) {
  const MultistepOptions& o = step.options;
  std::string text = fmt::format("multistep(p={}, q={}", o.source_exponent, o.target_exponent);
  if (!o.dewhiten) text += ", dewhiten=false";
  if (o.ridge > 0) text += fmt::format(", ridge={}", o.ridge);
  if (o.dimensions > 0) text += fmt::format(", dimensions={}", o.dimensions);
  return text + ")";
}

std::string print(const MapRidge& step) {
  return fmt::format("ridge(lambda={})", step.lambda);
}

std::string print(const MapAuto& step) {
  return step.dimensions > 0 ? fmt::format("auto(dimensions={})", step.dimensions) : "auto()";
}

std::string print(const FindPairs& step) {
  std::string text = fmt::format("find-pairs({}, cutoff={}", to_string(step.source), step.cutoff);
  if (step.min_letters > 1) text += fmt::format(", min-letters={}", step.min_letters);
  if (step.source == PairSource::spelling)
    text += fmt::format(", min-similarity={}", step.min_similarity);
  return text + fmt::format(", seed-weight={})", step.seed_weight);
}

std::string print_round(const SelfLearningRound& r) {
  std::string text = fmt::format(
      "{} x {} {}", r.repeat, r.matching == Matching::mutual ? "mutual" : "concatenated", r.cutoff);
  if (r.spelling) text += " spelling";
  if (r.seed_weight > 0) text += fmt::format(" seeds={}", r.seed_weight);
  if (r.map == RoundMap::procrustes) text += " procrustes";
  if (r.ridge > 0) text += fmt::format(" ridge={}", r.ridge);
  if (r.keep < 1) text += fmt::format(" keep={}", r.keep);
  if (r.csls_k != SelfLearningRound{}.csls_k) text += fmt::format(" k={}", r.csls_k);
  if (r.stop == StopRule::objective)
    text += fmt::format(" until={} no gain of {}", r.patience, r.min_gain);
  if (r.stop == StopRule::consistency)
    text += fmt::format(" while consistency gains {} in {}", r.min_gain, r.patience);
  return text;
}

std::string print(const SelfLearning& step) {
  std::string text;
  for (const SelfLearningRound& round : step.rounds)
    text += (text.empty() ? "" : "; ") + print_round(round);
  return fmt::format("self-learning({})", text);
}

std::string print(const KeepBest& step) {
  std::string text;
  for (const Method& method : step.methods) {
    text += (text.empty() ? "" : " or ") + method.name + ": ";
    for (std::size_t i = 0; i < method.steps.size(); ++i)
      text += (i > 0 ? ", " : "") + to_string(method.steps[i]);
  }
  return fmt::format("keep-best({})", text);
}

}  // namespace

Method resolve(const Method& method, Index seeds, Index words) {
  Method resolved{method.name, {}};
  for (const MethodStep& step : method.steps) {
    if (const auto* automatic = std::get_if<MapAuto>(&step)) {
      for (MethodStep& part : automatic_steps(*automatic, seeds, words))
        resolved.steps.push_back(std::move(part));
    } else if (const auto* choice = std::get_if<KeepBest>(&step)) {
      KeepBest parts;
      for (const Method& start : choice->methods)
        parts.methods.push_back(resolve(start, seeds, words));
      resolved.steps.push_back(std::move(parts));
    } else {
      resolved.steps.push_back(step);
    }
  }
  return resolved;
}

bool finds_pairs(const Method& method) {
  return std::any_of(method.steps.begin(), method.steps.end(), [](const MethodStep& step) {
    const auto* choice = std::get_if<KeepBest>(&step);
    return std::holds_alternative<FindPairs>(step) ||
           (choice != nullptr &&
            std::all_of(choice->methods.begin(), choice->methods.end(), finds_pairs));
  });
}

std::string to_string(const MethodStep& step) {
  return std::visit([](const auto& concrete) { return print(concrete); }, step);
}

void MethodOptions::validate() const {
  for (const NormalizeStep& step : normalize) xalign::validate(step);
  if (dimensions < 0)
    throw Error(ErrorKind::config, "dimensions", fmt::format("{}", dimensions), "0 or more");
  if (lambda) validate_ridge("lambda", *lambda);
}

Method make_method(std::string_view name, const MethodOptions& options) {
  options.validate();
  const auto* found = std::find_if(kMethods.begin(), kMethods.end(),
                                   [&](const NamedMethod& method) { return method.name == name; });
  if (found == kMethods.end())
    throw Error(ErrorKind::config, "method", fmt::format("unknown method '{}'", printable(name)),
                list_names(names()), did_you_mean(name, names()));
  if (options.dimensions > 0 && !found->reduces)
    throw Error(ErrorKind::config, "dimensions", fmt::format("has no effect on {}", name),
                "auto, multistep or cca", "leave it out or choose another method");
  if (options.lambda && name != "ridge")
    throw Error(ErrorKind::config, "lambda", fmt::format("has no effect on {}", name), "ridge",
                "leave it out or choose another method");
  Method method{std::string(name), {}};
  if (!options.normalize.empty()) method.steps.push_back(NormalizeVectors{options.normalize});
  for (MethodStep& step : found->make(options)) method.steps.push_back(std::move(step));
  return method;
}

std::vector<std::string> method_names() {
  const auto list = names();
  return {list.begin(), list.end()};
}

}  // namespace xalign
