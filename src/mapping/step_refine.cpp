#include "mapping/steps.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace xalign {
namespace {

EarlyStop stop_by(const LearnState& state) {
  return {.held_out = state.held_out};
}

void take(RefineResult result, const char* name, std::size_t pairs, LearnState& state) {
  for (const RefineRecord& record : result.records) {
    if (record.step == 0) continue;
    IterationRecord iteration{
        .step = name, .pairs = static_cast<Index>(pairs), .objective = -record.loss};
    if (!std::isnan(record.held_out)) iteration.held_out = record.held_out;
    state.monitor.record(std::move(iteration));
  }
  state.maps = std::move(result.maps);
}

}  // namespace

void run(const RefineRcsls& step, LearnState& state) {
  const std::span<const WordPair> pairs =
      state.seeds.empty() ? std::span<const WordPair>(state.pairs) : state.seeds;
  take(refine_rcsls(state.source, state.target, state.maps, pairs, step.options, stop_by(state),
                    state.monitor.progress()),
       "rcsls", pairs.size(), state);
}

void run(const RefineContrastive& step, LearnState& state) {
  take(refine_contrastive(state.source, state.target, state.maps, state.pairs, step.options,
                          stop_by(state), state.monitor.progress()),
       "contrastive", state.pairs.size(), state);
}

}  // namespace xalign
