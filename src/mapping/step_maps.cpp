#include "mapping/steps.h"
#include "mapping/training_rows.h"

#include <algorithm>

namespace xalign {

void MapRidge::validate() const {
  validate_ridge("lambda", lambda);
}

void MapAuto::validate() const {
  MultistepOptions{.dimensions = dimensions}.validate();
}

void run(const MapProcrustes&, LearnState& state) {
  state.maps = solve_procrustes(state.source, state.target, state.pairs);
}

void run(const MapMultistep& step, LearnState& state) {
  state.maps = solve_multistep(state.source, state.target, state.pairs, step.options);
}

void run(const MapRidge& step, LearnState& state) {
  state.maps = solve_ridge(state.source, state.target, state.pairs, step.lambda);
}

void run(const MapAuto& step, LearnState& state) {
  const Index words = std::min(state.source_words.size(), state.target_words.size());
  run_steps(resolve({{}, {step}}, static_cast<Index>(state.seeds.size()), words).steps, state);
}

}  // namespace xalign
