#pragma once

#include "mapping/learn_state.h"

#include <xalign/method.h>

#include <functional>
#include <string_view>
#include <vector>

namespace xalign {

// What each step does with the shared state; one step_NAME.cpp each.
void run(const NormalizeVectors& step, LearnState& state);
void run(const FindPairs& step, LearnState& state);
void run(const MatchDistributions& step, LearnState& state);
void run(const MapProcrustes& step, LearnState& state);
void run(const MapMultistep& step, LearnState& state);
void run(const MapRidge& step, LearnState& state);
void run(const MapAuto& step, LearnState& state);
void run(const SelfLearning& step, LearnState& state);
void run(const KeepBest& step, LearnState& state);
void run(const ChooseMethod& step, LearnState& state);
void run(const MapChosenMultistep& step, LearnState& state);
void run(const RefineRcsls& step, LearnState& state);
void run(const RefineContrastive& step, LearnState& state);

/// What the record of a choice begins with, before the name of the list.
inline constexpr std::string_view kChosenRecord = "chosen ";

/// @throws Error(config) for lists that a choice cannot hold
void validate_choice(const std::vector<Method>& methods);

/// How the lists of a choice, learned on one part of a split with the words that take part in
/// trials, translate the other; fewer than there are lists when the time is over.
std::vector<HeldOutScore> try_methods(const ChooseMethod& step, const SeedSplit& split,
                                      const LearnState& state, LearnMonitor& monitor);

/// Runs the steps in their order. When the time is over, steps that come after a map are left out.
/// @param after_each  called after every step, also one that is left out
void run_steps(const std::vector<MethodStep>& steps, LearnState& state,
               const std::function<void()>& after_each = {});

}  // namespace xalign
