#include "mapping/recipe.h"
#include "mapping/steps.h"

namespace xalign {
namespace {

void normalize_more(const NormalizeRecipe& recipe, Matrix& rows, Normalizer& normalizer) {
  const Normalizer fitted = Normalizer::fit(recipe, rows);
  NormalizeRecipe all_steps = normalizer.recipe();
  all_steps.insert(all_steps.end(), fitted.recipe().begin(), fitted.recipe().end());
  std::vector<Normalizer::Operation> operations = normalizer.operations();
  operations.insert(operations.end(), fitted.operations().begin(), fitted.operations().end());
  normalizer = Normalizer(std::move(all_steps), std::move(operations));
}

}  // namespace

void NormalizeVectors::validate() const {
  for (const NormalizeStep& step : recipe) xalign::validate(step);
}

void run(const NormalizeVectors& step, LearnState& state) {
  normalize_more(step.recipe, state.source, state.source_normalizer);
  normalize_more(step.recipe, state.target, state.target_normalizer);
}

}  // namespace xalign
