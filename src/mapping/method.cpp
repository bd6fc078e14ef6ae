#include "core/names.h"
#include "mapping/recipe.h"
#include "mapping/training_rows.h"

#include <xalign/error.h>
#include <xalign/method.h>
#include <xalign/text.h>
#include <xalign/topk.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

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

/// Stage C1 of Li 2022 for 5,000 seed pairs: two rounds, the dictionary grown between them.
Steps published_contrastive() {
  const RefineContrastive refine{{.steps = 200,
                                  .negatives = kMaxTopk,
                                  .words = 60'000,
                                  .refresh = 0,
                                  .temperature = 1,
                                  .rate = 1.5}};
  const SelfLearning grow{{{.cutoff = 10'000, .seed_weight = 1}}};
  return {MapMultistep{}, refine, grow, refine};
}

/// Rounds on geometry alone, with maps of one kind.
SelfLearning self_learning_of(RoundMap map) {
  return {{{.repeat = 6, .map = map}}};
}

/// A refinement of the map of the seeds, or of what self-learning has made of them.
Steps refined_by(const MethodStep& refinement, const MethodOptions& options) {
  Steps steps{MapAuto{.dimensions = options.dimensions, .map_only = true}};
  if (options.self_learning) {
    steps.push_back(self_learning_of(RoundMap::multistep));
    if (options.dimensions > 0) steps.push_back(MapMultistep{{.dimensions = options.dimensions}});
  }
  steps.push_back(refinement);
  return steps;
}

constexpr std::array kMethods{
    NamedMethod{"auto", true,
                [](const MethodOptions& o) -> Steps {
                  return {MapAuto{.dimensions = o.dimensions,
                                  .self_learning = o.self_learning,
                                  .find_pairs = o.find_pairs,
                                  .source = o.source}};
                }},
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
    NamedMethod{"rcsls", true,
                [](const MethodOptions& o) -> Steps { return refined_by(RefineRcsls{}, o); }},
    NamedMethod{"contrastive", true,
                [](const MethodOptions& o) -> Steps {
                  return refined_by(
                      o.self_learning ? RefineContrastive{} : RefineContrastive{{.negatives = 60}},
                      o);
                }},
    NamedMethod{"c1", false, [](const MethodOptions&) -> Steps { return published_contrastive(); }},
    NamedMethod{"vecmap", true,
                [](const MethodOptions& o) -> Steps {
                  return {MapProcrustes{}, vecmap_self_learning(),
                          MapMultistep{{.dimensions = o.dimensions}}};
                }},
};

/// Chosen on held-out training pairs of unlike sets of vectors (docs/methods.md): with few pairs
/// the covariances are poorly known, and whitening with them makes noise large.
double auto_ridge(Index pairs) {
  return std::min(1.0, 400.0 / std::max(pairs, Index{1}));
}

/// Fewer words than that leave nothing to learn from.
constexpr Index kFewestWords = 1000;
/// Pairs that are found are wrong more often than not.
constexpr double kStartRidge = 3;
constexpr double kHintWeight = 4;

/// Fewer seeds than that count as hints beside the pairs found in the vocabularies.
constexpr Index kFewSeeds = 50;
/// From so many on, a fifth of the seeds can tell which steps are worth their while.
constexpr Index kManySeeds = 2000;

SelfLearningRound concatenated(int repeat, Index cutoff, double ridge, double seed_weight) {
  return {.repeat = repeat,
          .cutoff = cutoff,
          .matching = Matching::concatenated,
          .spelling = true,
          .seed_weight = seed_weight,
          .ridge = ridge};
}

Method start_from(std::string name, FindPairs pairs) {
  return {std::move(name),
          {pairs, MapMultistep{{.ridge = kStartRidge}},
           SelfLearning{{concatenated(4, 5000, 0.3, pairs.seed_weight)}}}};
}

/// Of words matched by their places in their languages, for those that share no spelling.
Method start_from_distributions() {
  return {
      "distribution",
      {MatchDistributions{.seed_weight = kHintWeight}, MapMultistep{{.ridge = kStartRidge}},
       SelfLearning{{{.repeat = 4, .cutoff = 5000, .seed_weight = kHintWeight, .ridge = 0.3},
                     {.repeat = 4, .cutoff = 6000, .seed_weight = kHintWeight, .ridge = 0.3}}}}};
}

std::vector<Method> starts(std::optional<PairSource> source) {
  std::vector<Method> methods;
  const auto wanted = [&](PairSource s) { return !source || *source == s; };
  if (wanted(PairSource::spelling))
    for (const auto& [similarity, letters] : {std::pair{0.75, 6}, std::pair{0.7, 5}})
      methods.push_back(start_from(
          fmt::format("spelling {}/{}", similarity, letters),
          {.source = PairSource::spelling, .min_letters = letters, .min_similarity = similarity}));
  if (wanted(PairSource::identical))
    methods.push_back(
        start_from("identical", {.source = PairSource::identical, .min_letters = source ? 1 : 4}));
  if (source == PairSource::numerals)
    methods.push_back(start_from("numerals", {.source = PairSource::numerals}));
  return methods;
}

/// From the most frequent words to all, with spelling: vectors of rare words that were learned from
/// little text mislead more than pairs found among frequent words.
SelfLearning growing_rounds(double seed_weight) {
  SelfLearningRound growing = concatenated(24, 6000, 0.3, seed_weight);
  growing.stop = StopRule::consistency;
  growing.patience = 4;
  growing.min_gain = 0.002;
  return {{growing,
           concatenated(3, 10'000, 0.3, seed_weight),
           concatenated(2, 15'000, 0, seed_weight),
           {.repeat = 2, .spelling = true, .seed_weight = seed_weight}}};
}

std::vector<MethodStep> steps_without_seeds(std::optional<PairSource> source) {
  // The last bits of numbers, which differ between processors, can move the consistency of a start
  // by 0.01. Pairs that are more alike have been the better start in such a case.
  KeepBest choice{.methods = starts(source), .reserve = {}, .margin = 0.02};
  if (!source) choice.reserve.push_back(start_from_distributions());
  return {std::move(choice), growing_rounds(kHintWeight), RefineContrastive{}};
}

Steps learned_steps(const MapAuto& step, const MapMultistep& map, SelfLearning learning) {
  Steps steps{map, std::move(learning)};
  if (step.dimensions > 0) steps.push_back(MapMultistep{{.dimensions = step.dimensions}});
  return steps;
}

Steps refined_steps(Steps steps) {
  steps.push_back(RefineContrastive{});
  return steps;
}

/// What is tried on held-out seeds, most of it a continuation of something before. The first is
/// the default.
std::vector<Method> family(const MapAuto& step, const MapMultistep& map, Index seeds) {
  const Steps learned = learned_steps(step, map, recommended_self_learning(seeds));
  std::vector<Method> methods{{"self-learning", learned},
                              {"self-learning, refined", refined_steps(learned)}};
  if (!step.self_learning) methods.insert(methods.begin(), {"multistep", {map}});
  return methods;
}

std::vector<MethodStep> automatic_steps(const MapAuto& step, Index seeds, Index words) {
  const MapMultistep map{{.ridge = auto_ridge(seeds), .dimensions = step.dimensions}};
  if (step.map_only) return {map};
  if (step.find_pairs || seeds == 0 || (seeds < kFewSeeds && words >= kFewestWords)) {
    Steps steps = steps_without_seeds(step.source);
    if (step.dimensions > 0) steps.push_back(MapMultistep{{.dimensions = step.dimensions}});
    return steps;
  }
  if (words < kFewestWords && !step.self_learning) return {map};
  if (seeds >= kManySeeds) return {ChooseMethod{family(step, map, seeds)}};
  return refined_steps(learned_steps(step, map, recommended_self_learning(seeds)));
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
  if (o.ridge > 0) text += fmt::format(", ridge={:.4g}", o.ridge);
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

std::string print(const MatchDistributions& step) {
  std::string text;
  for (const DistributionStart& start : step.starts)
    text += (text.empty() ? "" : " or ") + to_string(start);
  return fmt::format("match-distributions({}, seed-weight={})", text, step.seed_weight);
}

std::string print(const MapChosenMultistep& step) {
  std::string text = fmt::format("chosen-multistep(ridges={}", fmt::join(step.ridges, "|"));
  if (step.dimensions > 0) text += fmt::format(", dimensions={}", step.dimensions);
  return text + ")";
}

std::string print(const RefineRcsls& step) {
  const RcslsOptions& o = step.options;
  return fmt::format("rcsls(iterations={}, rate={}, neighbors={}, words={}{})", o.iterations,
                     o.rate, o.neighbors, o.words, o.spectral ? ", spectral" : "");
}

std::string print(const RefineContrastive& step) {
  const ContrastiveOptions& o = step.options;
  return fmt::format(
      "contrastive(steps={}, negatives={}, words={}, refresh={}, temperature={}, rate={}, "
      "decay={}, "
      "clip={})",
      o.steps, o.negatives, o.words, o.refresh, o.temperature, o.rate, o.decay, o.clip);
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

std::string print_lists(const std::vector<Method>& methods,
                        const std::vector<Method>& reserve = {}) {
  std::string text;
  const auto add = [&](const Method& method, const char* before) {
    text += (text.empty() ? "" : before) + method.name + ": ";
    for (std::size_t i = 0; i < method.steps.size(); ++i)
      text += (i > 0 ? ", " : "") + to_string(method.steps[i]);
  };
  for (const Method& method : methods) add(method, " or ");
  for (const Method& method : reserve) add(method, " or else ");
  return text;
}

std::string print(const KeepBest& step) {
  return fmt::format("keep-best({})", print_lists(step.methods, step.reserve));
}

std::string print(const ChooseMethod& step) {
  return fmt::format("choose({}; words={})", print_lists(step.methods), step.words);
}

}  // namespace

SelfLearning recommended_self_learning(Index seeds) {
  const double weight = seeds < kManySeeds ? 2 : 1;
  return {{concatenated(3, 8000, 0.3, weight),
           concatenated(2, 12'000, 0.1, weight),
           {.repeat = 3, .spelling = true, .seed_weight = weight}}};
}

template <typename Choice>
Choice resolve_lists(Choice choice, Index seeds, Index words) {
  for (Method& list : choice.methods) list = resolve(list, seeds, words);
  if constexpr (requires { choice.reserve; })
    for (Method& list : choice.reserve) list = resolve(list, seeds, words);
  return choice;
}

Method resolve(const Method& method, Index seeds, Index words) {
  Method resolved{method.name, {}};
  for (const MethodStep& step : method.steps) {
    if (const auto* automatic = std::get_if<MapAuto>(&step)) {
      for (MethodStep& part : automatic_steps(*automatic, seeds, words))
        resolved.steps.push_back(std::move(part));
    } else if (const auto* choice = std::get_if<KeepBest>(&step)) {
      resolved.steps.push_back(resolve_lists(*choice, seeds, words));
    } else if (const auto* trials = std::get_if<ChooseMethod>(&step)) {
      resolved.steps.push_back(resolve_lists(*trials, seeds, words));
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
           std::holds_alternative<MatchDistributions>(step) ||
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
  if (options.self_learning && (name == "ridge" || name == "cca" || name == "c1"))
    throw Error(ErrorKind::config, "self_learning", fmt::format("has no effect on {}", name),
                "auto, multistep, procrustes, rcsls, contrastive or vecmap",
                "leave it out or choose another method");
  Method method{std::string(name), {}};
  if (!options.normalize.empty()) method.steps.push_back(NormalizeVectors{options.normalize});
  if (options.distribution)
    method.steps.push_back(MatchDistributions{});
  else if (options.find_pairs && name != "auto")
    method.steps.push_back(FindPairs{.source = options.source.value_or(PairSource::spelling)});
  if (options.distribution && name == "auto") {
    // Such pairs are few and of frequent words.
    method.steps.push_back(MapMultistep{{.ridge = kStartRidge}});
    method.steps.push_back(growing_rounds(kHintWeight));
    if (options.dimensions > 0)
      method.steps.push_back(MapMultistep{{.dimensions = options.dimensions}});
    return method;
  }
  for (MethodStep& step : found->make(options)) method.steps.push_back(std::move(step));
  if (options.self_learning && (name == "procrustes" || name == "multistep"))
    method.steps.push_back(
        self_learning_of(name == "procrustes" ? RoundMap::procrustes : RoundMap::multistep));
  return method;
}

std::vector<std::string> method_names() {
  const auto list = names();
  return {list.begin(), list.end()};
}

}  // namespace xalign
