#include "mapping/steps.h"
#include "mapping/training_rows.h"

#include <stdexcept>

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

void run(const MapAuto&, LearnState&) {
  throw std::logic_error("MapAuto is resolved before a run");
}

}  // namespace xalign
