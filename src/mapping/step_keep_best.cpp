#include "mapping/steps.h"

#include <xalign/consistency.h>
#include <xalign/error.h>

#include <fmt/format.h>

#include <algorithm>

namespace xalign {
namespace {

bool may_be_inside(const MethodStep& step) {
  return !std::holds_alternative<NormalizeVectors>(step) &&
         !std::holds_alternative<KeepBest>(step) && !std::holds_alternative<ChooseMethod>(step);
}

void validate_start(const Method& method) {
  for (const MethodStep& step : method.steps) {
    if (!may_be_inside(step))
      throw Error(ErrorKind::config, "method", "a step inside of a choice: " + to_string(step),
                  "normalisations before it, and no choice inside");
    std::visit([](const auto& concrete) { concrete.validate(); }, step);
  }
}

/// A start is young: any strength at all says that later rounds have something to build on.
constexpr double kHopeFrom = 0.03;

bool needs_reserve(LearnState& state) {
  if (!state.best_start) return true;
  JudgeOptions options{.null_runs = 1, .progress = state.monitor.progress()};
  options.source_words = &state.source_words;
  options.target_words = &state.target_words;
  const Verdict verdict =
      judge_alignment(state.source, state.target, state.best_start->maps, {}, options);
  state.first_null = verdict.null;
  return verdict.strength() < kHopeFrom;
}

/// Runs one way; false if it finds no pairs.
bool try_start(const Method& method, LearnState& state, std::optional<Error>& failure) {
  try {
    run_steps(method.steps, state);
    return state.has_map();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data && error.kind() != ErrorKind::numeric) throw;
    if (!failure) failure = error;
    return false;
  }
}

}  // namespace

void validate_choice(const std::vector<Method>& methods) {
  if (methods.empty())
    throw Error(ErrorKind::config, "method", "a choice of nothing", "at least one list of steps");
  for (const Method& method : methods) validate_start(method);
}

void KeepBest::validate() const {
  if (!(margin >= 0 && margin <= 1))
    throw Error(ErrorKind::config, "margin", fmt::format("{}", margin), "0 to 1");
  validate_choice(methods);
  for (const Method& method : reserve) validate_start(method);
}

void run(const KeepBest& step, LearnState& state) {
  std::optional<Error> failure;
  Cursor::Level level(state.cursor);
  const std::size_t first_reserve = step.methods.size();
  const std::size_t ways = first_reserve + step.reserve.size();
  for (auto i = static_cast<std::size_t>(level.first()); i < ways; ++i) {
    if (state.best_start && state.monitor.out_of_time()) break;
    if (i == first_reserve && !state.cursor.resuming() && !needs_reserve(state)) break;
    level.at(static_cast<Index>(i));
    const Method& method = i < first_reserve ? step.methods[i] : step.reserve[i - first_reserve];
    if (!state.cursor.resuming()) {
      state.pairs.assign(state.seeds.begin(), state.seeds.end());
      state.maps = {};
    }
    if (!try_start(method, state, failure)) continue;
    const double consistency = measure_consistency(state.source, state.target, state.maps).held_out;
    state.monitor.record({.step = "start " + method.name,
                          .pairs = static_cast<Index>(state.pairs.size()),
                          .consistency = consistency});
    if (!state.best_start || consistency > state.best_start->consistency + step.margin)
      state.best_start = StartOutcome{static_cast<Index>(i), consistency, state.maps, state.pairs};
  }
  if (!state.best_start) throw *failure;
  state.maps = std::move(state.best_start->maps);
  state.pairs = std::move(state.best_start->pairs);
  state.best_start.reset();
}

}  // namespace xalign
