#include "mapping/mapped_rows.h"
#include "mapping/steps.h"

#include <xalign/error.h>
#include <xalign/held_out.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

/// Share of the time left that trials may take.
constexpr double kTrialTime = 1.0 / 3;

/// What a list made of the seeds that were not held out.
struct TrialOutcome {
  const Method* method;
  MapPair maps;
  std::vector<WordPair> pairs;
};

Index at_most(Index words, Index limit) {
  return words > 0 ? std::min(words, limit) : limit;
}

/// The step on fewer words.
MethodStep reduced(MethodStep step, Index words) {
  if (auto* learning = std::get_if<SelfLearning>(&step)) {
    for (SelfLearningRound& round : learning->rounds) round.cutoff = at_most(round.cutoff, words);
  } else if (auto* rcsls = std::get_if<RefineRcsls>(&step)) {
    rcsls->options.words = at_most(rcsls->options.words, words);
  } else if (auto* contrastive = std::get_if<RefineContrastive>(&step)) {
    contrastive->options.words = at_most(contrastive->options.words, words);
  }
  return step;
}

bool begins_with(const Method& method, const Method& beginning) {
  if (beginning.steps.size() > method.steps.size()) return false;
  return std::equal(
      beginning.steps.begin(), beginning.steps.end(), method.steps.begin(),
      [](const MethodStep& a, const MethodStep& b) { return to_string(a) == to_string(b); });
}

/// The outcome to go on from: of the longest list that `method` begins with.
const TrialOutcome* find_beginning(const std::vector<TrialOutcome>& outcomes,
                                   const Method& method) {
  const TrialOutcome* longest = nullptr;
  for (const TrialOutcome& outcome : outcomes)
    if (begins_with(method, *outcome.method) &&
        (longest == nullptr || outcome.method->steps.size() > longest->method->steps.size()))
      longest = &outcome;
  return longest;
}

/// Tries the lists and returns the number of the one to take.
std::size_t choose(const ChooseMethod& step, LearnState& state) {
  LearnOptions options;
  options.progress = state.monitor.progress();
  const double left = state.monitor.seconds_left();
  if (std::isfinite(left)) options.time_limit = std::max(1e-9, kTrialTime * left);
  LearnMonitor monitor(options);
  const std::vector<HeldOutScore> scores =
      try_methods(step, hold_out_rarest(state.seeds), state, monitor);
  if (scores.empty()) return 0;
  const std::size_t chosen = choose_score(scores);
  state.method_trials.clear();
  for (std::size_t i = 0; i < scores.size(); ++i)
    state.method_trials.push_back({step.methods[i].name,
                                   static_cast<Index>(scores[i].reciprocal_ranks.size()),
                                   scores[i].precision(), scores[i].mean_reciprocal_rank(),
                                   paired_gain(scores[i], scores[0]), i == chosen});
  return chosen;
}

}  // namespace

std::vector<HeldOutScore> try_methods(const ChooseMethod& step, const SeedSplit& split,
                                      const LearnState& state, LearnMonitor& monitor) {
  std::vector<TrialOutcome> outcomes;
  std::vector<HeldOutScore> scores;
  for (const Method& method : step.methods) {
    LearnState trial{state.source_words, state.target_words,
                     state.source,       state.target,
                     split.train,        {},
                     state.seed,         monitor};
    trial.pairs = split.train;
    std::size_t done = 0;
    if (const TrialOutcome* beginning = find_beginning(outcomes, method)) {
      trial.maps = beginning->maps;
      trial.pairs = beginning->pairs;
      done = beginning->method->steps.size();
    }
    std::vector<MethodStep> rest;
    for (std::size_t i = done; i < method.steps.size(); ++i)
      rest.push_back(reduced(method.steps[i], step.words));
    run_steps(rest, trial);
    // What was not finished is not what would be taken.
    if (monitor.out_of_time()) break;
    scores.push_back(
        score_held_out(state.source, state.target, trial.maps, split.held_out, step.words));
    outcomes.push_back({&method, std::move(trial.maps), std::move(trial.pairs)});
  }
  return scores;
}

void ChooseMethod::validate() const {
  validate_choice(methods);
  if (words < 1) throw Error(ErrorKind::config, "words", fmt::format("{}", words), "1 or more");
}

void run(const ChooseMethod& step, LearnState& state) {
  Cursor::Level level(state.cursor);
  auto chosen = static_cast<std::size_t>(level.first());
  if (!state.cursor.resuming()) {
    const bool enough = words_of(state.seeds, &WordPair::source).size() >= kFewestWordsToChoose;
    chosen = enough && step.methods.size() > 1 ? choose(step, state) : 0;
    IterationRecord record{.step = std::string(kChosenRecord) + step.methods[chosen].name,
                           .pairs = static_cast<Index>(state.seeds.size())};
    for (const MethodTrial& trial : state.method_trials)
      if (trial.chosen) record.held_out = trial.precision;
    state.monitor.record(std::move(record));
    level.at(static_cast<Index>(chosen));
    state.pairs.assign(state.seeds.begin(), state.seeds.end());
    state.maps = {};
  }
  run_steps(step.methods[chosen].steps, state);
}

}  // namespace xalign
