#include "mapping/steps.h"
#include "mapping/training_rows.h"

#include <xalign/error.h>
#include <xalign/held_out.h>

#include <fmt/format.h>

#include <stdexcept>

namespace xalign {

void MapRidge::validate() const {
  validate_ridge("lambda", lambda);
}

void MapAuto::validate() const {
  MultistepOptions{.dimensions = dimensions}.validate();
}

void MapChosenMultistep::validate() const {
  MultistepOptions{.dimensions = dimensions}.validate();
  if (ridges.empty()) throw Error(ErrorKind::config, "ridges", "none", "at least one");
  for (const double ridge : ridges) validate_ridge("ridges", ridge);
}

void run(const MapProcrustes&, LearnState& state) {
  state.maps = solve_procrustes(state.source, state.target, state.pairs);
}

void run(const MapMultistep& step, LearnState& state) {
  state.maps = solve_multistep(state.source, state.target, state.pairs, step.options);
}

void run(const MapChosenMultistep& step, LearnState& state) {
  const RidgeChoice choice = choose_ridge(state.source, state.target, state.pairs, step.ridges);
  state.maps = solve_multistep(state.source, state.target, state.pairs,
                               {.ridge = choice.ridge, .dimensions = step.dimensions});
  for (std::size_t i = 0; i < choice.scores.size(); ++i)
    state.monitor.record({.step = fmt::format("ridge {}", step.ridges[i]),
                          .pairs = static_cast<Index>(state.pairs.size()),
                          .held_out = choice.scores[i].precision()});
}

void run(const MapRidge& step, LearnState& state) {
  state.maps = solve_ridge(state.source, state.target, state.pairs, step.lambda);
}

void run(const MapAuto&, LearnState&) {
  throw std::logic_error("MapAuto is resolved before a run");
}

}  // namespace xalign
