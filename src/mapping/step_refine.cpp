#include "mapping/steps.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace xalign {
namespace {

EarlyStop stop_by(const LearnState& state) {
  return {.held_out = state.held_out};
}

/// Records steps as they are taken; ends when the time is over.
RefineWatch watch(const char* name, std::size_t pairs, LearnState& state) {
  return [name, pairs, &state](const RefineRecord& record) {
    if (record.step > 0) {
      IterationRecord iteration{
          .step = name, .pairs = static_cast<Index>(pairs), .objective = -record.loss};
      if (!std::isnan(record.held_out)) iteration.held_out = record.held_out;
      state.monitor.record(std::move(iteration));
    }
    return !state.monitor.out_of_time();
  };
}

}  // namespace

void run(const RefineRcsls& step, LearnState& state) {
  const std::span<const WordPair> pairs =
      state.seeds.empty() ? std::span<const WordPair>(state.pairs) : state.seeds;
  state.maps =
      refine_rcsls(state.source, state.target, state.maps, pairs, step.options, stop_by(state),
                   state.monitor.progress(), watch("rcsls", pairs.size(), state))
          .maps;
}

void run(const RefineContrastive& step, LearnState& state) {
  state.maps = refine_contrastive(state.source, state.target, state.maps, state.pairs, step.options,
                                  stop_by(state), state.monitor.progress(),
                                  watch("contrastive", state.pairs.size(), state))
                   .maps;
}

}  // namespace xalign
