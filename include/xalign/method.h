#pragma once

#include <xalign/linear_maps.h>
#include <xalign/normalize.h>

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
using MethodStep = std::variant<NormalizeVectors, MapProcrustes, MapMultistep, MapRidge>;

/// A method is data: a name and an ordered list of steps.
struct Method {
  std::string name;
  std::vector<MethodStep> steps;
};

/// "multistep(p=0.5, q=0.5)": the step with its options, as printed and saved.
std::string to_string(const MethodStep& step);

struct MethodOptions {
  NormalizeRecipe normalize = parse_normalize_recipe("unit,center,unit");
  int dimensions = 0;  ///< of the shared space, where the method can reduce it; 0 = all

  void validate() const;
};

/// A named method: "procrustes", "multistep", "cca", "ridge", or "auto" (the best default).
/// @throws Error(config) listing the names
Method make_method(std::string_view name, const MethodOptions& options = {});
std::vector<std::string> method_names();

}  // namespace xalign
