#pragma once

#include <xalign/linear_maps.h>
#include <xalign/normalize.h>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace xalign {

/// The steps a method is made of. Each has a verb of its own and knows nothing of the others.
struct NormalizeVectors {
  NormalizeRecipe recipe;
};
struct MapProcrustes {};
struct MapMultistep {
  MultistepOptions options;
};
struct MapRidge {
  double lambda = 0.1;  ///< relative to the mean eigenvalue of the covariance
};
/// Stands for the map that the number of training pairs calls for (see `resolve`).
struct MapAuto {
  int dimensions = 0;  ///< as in MultistepOptions
};
using MethodStep = std::variant<NormalizeVectors, MapProcrustes, MapMultistep, MapRidge, MapAuto>;

/// The step that runs for this many different training pairs: for MapAuto a multi-step map with a
/// ridge that falls as the pairs grow in number, for any other step the step itself.
MethodStep resolve(const MethodStep& step, Index pairs);

/// A method is data: a name and an ordered list of steps.
struct Method {
  std::string name;
  std::vector<MethodStep> steps;
};

/// "multistep(p=0.5, q=0.5)": the step with its options, as printed and saved.
std::string to_string(const MethodStep& step);

struct MethodOptions {
  NormalizeRecipe normalize = parse_normalize_recipe("unit,center,unit");
  int dimensions = 0;            ///< of the shared space, where the method can reduce it; 0 = all
  std::optional<double> lambda;  ///< of "ridge"; default 0.1

  void validate() const;
};

/// A named method: "procrustes", "multistep", "cca", "ridge", or "auto" (the best default).
/// @throws Error(config) listing the names, or for an option that the method has no use for
Method make_method(std::string_view name, const MethodOptions& options = {});
std::vector<std::string> method_names();

}  // namespace xalign
