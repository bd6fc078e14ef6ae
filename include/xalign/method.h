#pragma once

#include <xalign/distribution.h>
#include <xalign/linear_maps.h>
#include <xalign/normalize.h>
#include <xalign/refine.h>
#include <xalign/self_learning.h>
#include <xalign/start.h>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace xalign {

// The steps a method is made of. Each has a verb of its own and knows nothing of the others; they
// share rows, seed pairs, current pairs with weights (at first the seeds) and the current map. Each
// has `validate()`, which throws Error(config) naming the field.

struct NormalizeVectors {
  NormalizeRecipe recipe;
  void validate() const;
};
/// Replaces the current pairs by those of the start that fits best (find_distribution_pairs), plus
/// the seeds, if there are any.
struct MatchDistributions {
  std::vector<DistributionStart> starts = recommended_distribution_starts();
  double seed_weight = 4;  ///< weight of each seed pair, times its own; 0 = seeds are left out
  void validate() const;
};
// Maps are made of the current pairs.
struct MapProcrustes {
  void validate() const {}
};
struct MapMultistep {
  MultistepOptions options;
  void validate() const { options.validate(); }
};
struct MapRidge {
  double lambda = 0.1;  ///< relative to the mean eigenvalue of the covariance
  void validate() const;
};
/// The multi-step map with the ridge that translates held-out pairs best (choose_ridge in
/// held_out.h). With fewer than 300 seed words the first ridge is taken.
struct MapChosenMultistep {
  std::vector<double> ridges;  ///< the first one is left for a clear win only
  int dimensions = 0;          ///< as in MultistepOptions
  void validate() const;
};
// Refinements move the current map; with held-out pairs they stop where these are translated best.
/// Relaxed CSLS on the seeds, or on the current pairs where there are no seeds.
struct RefineRcsls {
  RcslsOptions options;
  void validate() const { options.validate(); }
};
/// Contrastive refinement on the current pairs.
struct RefineContrastive {
  ContrastiveOptions options;
  void validate() const { options.validate(); }
};
/// Stands for the steps that the number of seed pairs calls for (see `resolve`): many, a multi-step
/// map; fewer, self-learning with the spelling of words; few or none, pairs found in the
/// vocabularies first. docs/methods.md says which and why.
struct MapAuto {
  int dimensions = 0;                     ///< as in MultistepOptions
  bool self_learning = false;             ///< whatever the number of seed pairs
  bool find_pairs = false;                ///< likewise
  bool map_only = false;                  ///< the map, whatever the number of seed pairs
  std::optional<PairSource> source = {};  ///< of the pairs found; by default the best of several
  void validate() const;
};
struct Method;
/// Tries each list of steps on the more frequent seeds: what it makes of them translates the rarest
/// fifth (hold_out_rarest in held_out.h). The best list runs from all seeds if it is clearly better
/// than the first, else the first; the first, too, with fewer than 300 seed words and, for lists
/// that are not reached in a third of the time there is. A list that begins with all steps of one
/// before it is tried from that one's outcome. Lists hold neither normalisations nor another
/// choice.
struct ChooseMethod {
  std::vector<Method> methods;
  Index words = 10'000;  ///< of each side take part in the trials, at most
  void validate() const;
};
/// Runs each list of steps from the seeds, and goes on with the outcome whose held-out consistency
/// (consistency.h) is best: for several ways to start. An earlier list is left for a later one only
/// where it is better by more than `margin`. A list whose step finds no pairs is passed over. Lists
/// hold neither normalisations nor another choice.
struct KeepBest {
  std::vector<Method> methods;
  std::vector<Method> reserve;  ///< tried, too, where the verdict (consistency.h) on the best
                                ///< of `methods` is not `aligned`, or none found pairs
  double margin = 0;            ///< 0 to 1
  void validate() const;
};

using MethodStep = std::variant<NormalizeVectors, FindPairs, MatchDistributions, MapProcrustes,
                                MapMultistep, MapRidge, MapAuto, SelfLearning, MapChosenMultistep,
                                RefineRcsls, RefineContrastive, ChooseMethod, KeepBest>;

/// A method is data: a name and an ordered list of steps.
///
///     Method method{"mine",
///                   {NormalizeVectors{parse_normalize_recipe("unit,center,unit")},
///                    FindPairs{.source = PairSource::identical, .min_letters = 4},
///                    MapMultistep{{.ridge = 3}},
///                    SelfLearning{{{.repeat = 4, .cutoff = 5000}, {.repeat = 4}}}}};
struct Method {
  std::string name;
  std::vector<MethodStep> steps;
};

/// The steps that run for this many different seed pairs and words of the smaller vocabulary: those
/// that MapAuto stands for in its place, all others as they are.
Method resolve(const Method& method, Index seeds, Index words);

/// "multistep(p=0.5, q=0.5)": the step with its options, as printed and saved.
std::string to_string(const MethodStep& step);

struct MethodOptions {
  NormalizeRecipe normalize = parse_normalize_recipe("unit,center,unit");
  int dimensions = 0;            ///< of the shared space, where the method can reduce it; 0 = all
  std::optional<double> lambda;  ///< of "ridge"; default 0.1
  bool self_learning = false;    ///< go on from the map by self-learning
  bool find_pairs = false;       ///< begin with pairs found in the vocabularies, seeds among them
  bool distribution = false;  ///< ... by the places of words in their own language, not by spelling
  std::optional<PairSource> source;  ///< of the pairs found; "auto" tries several by default

  void validate() const;
};

/// A named method: "procrustes", "multistep", "cca", "ridge", "rcsls", "contrastive", "c1"
/// (contrastive rounds as published), "vecmap" (self-learning as in VecMap), or "auto" (the best
/// default).
/// @throws Error(config) listing the names, or for an option that the method has no use for
Method make_method(std::string_view name, const MethodOptions& options = {});
std::vector<std::string> method_names();

/// Whether the method, resolved, finds pairs by itself, so that it can do without seeds.
bool finds_pairs(const Method& method);

}  // namespace xalign
