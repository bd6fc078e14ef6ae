#include "mapping/induced_pairs.h"
#include "mapping/mapped_rows.h"
#include "mapping/steps.h"

#include <xalign/consistency.h>
#include <xalign/csls.h>
#include <xalign/error.h>
#include <xalign/pair_confidence.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace xalign {
namespace {

void require(bool good, const char* field, double found, const char* expected) {
  if (!good)
    throw Error(ErrorKind::config, std::string("self-learning ") + field, fmt::format("{}", found),
                expected);
}

void validate_round(const SelfLearningRound& round) {
  require(round.repeat >= 1, "repeat", round.repeat, "1 or more");
  require(round.cutoff >= 0, "cutoff", round.cutoff, "0 or more");
  require(round.seed_weight >= 0 && round.seed_weight <= 1e6, "seed_weight", round.seed_weight,
          "0 to 1e6");
  require(round.ridge >= 0 && std::isfinite(round.ridge), "ridge", round.ridge, "0 or more");
  require(round.keep > 0 && round.keep <= 1, "keep", round.keep, "above 0, up to 1");
  require(!round.spelling || round.keep == 1, "keep", round.keep, "1 in rounds with spelling");
  require(round.csls_k >= 1 && round.csls_k <= kMaxTopk, "csls_k", round.csls_k, "1 to 128");
  require(round.patience >= 1, "patience", round.patience, "1 or more");
  require(round.min_gain >= 0, "min_gain", round.min_gain, "0 or more");
}

Matrix mapped_head(ConstRows rows, const Matrix& map, Index cutoff) {
  const Eigen::Index count = cutoff > 0 ? std::min<Eigen::Index>(cutoff, rows.rows()) : rows.rows();
  return mapped_unit_rows(rows.topRows(count), map);
}

/// Candidates that spelling chooses from.
constexpr int kSpellingCandidates = 10;

/// Longest list of candidates that dropout draws from, within the reach of one search.
constexpr int kMaxCandidates = 26;

/// So many candidates that hardly a row loses all of them.
int candidates_for(double keep) {
  if (keep >= 1) return 1;
  const double needed = std::ceil(std::log(0.05) / std::log1p(-keep));
  return static_cast<int>(std::clamp(needed, 2.0, static_cast<double>(kMaxCandidates)));
}

/// Share of the held-out source words among the first words that have their translation at rank 1
/// among the first target words.
std::optional<double> held_out_score(const LearnState& state, const TopkLists& best) {
  std::vector<std::pair<Index, bool>> words;
  for (const WordPair& pair : state.held_out)
    if (pair.source < best.rows())
      words.emplace_back(pair.source, best.index(pair.source, 0) != pair.target);
  std::sort(words.begin(), words.end());  // right ones first
  words.erase(std::unique(words.begin(), words.end(),
                          [](const auto& a, const auto& b) { return a.first == b.first; }),
              words.end());
  if (words.empty()) return std::nullopt;
  const auto right =
      std::count_if(words.begin(), words.end(), [](const auto& w) { return !w.second; });
  return static_cast<double>(right) / static_cast<double>(words.size());
}

/// Mean cosine of every row of either side with its nearest.
double mean_best_cosine(const TopkResult& neighbors) {
  double sum = 0;
  for (const TopkLists* lists : {&neighbors.rows, &neighbors.columns})
    sum += lists->score.col(0).cast<double>().sum() / static_cast<double>(lists->rows());
  return sum / 2;
}

/// Watches whether a number still rises. What it knows is in the memory of the run.
class Plateau {
 public:
  explicit Plateau(std::vector<double>& memory) : memory_(memory) {
    if (memory_.size() != 2) memory_ = {std::numeric_limits<double>::lowest(), 0};
  }
  /// @return for how many times it has not risen
  int see(double value, double min_gain) {
    if (value >= memory_[0] + min_gain)
      memory_ = {value, 0};
    else
      ++memory_[1];
    return static_cast<int>(memory_[1]);
  }
  void forgive() { memory_[1] = 0; }

 private:
  std::vector<double>& memory_;
};

class Learner {
 public:
  explicit Learner(LearnState& state) : state_(state) {}

  /// One round.
  /// @param measure  also the consistency of the new map
  IterationRecord learn(const SelfLearningRound& round, bool measure) {
    const Matrix source = mapped_head(state_.source, state_.maps.source, round.cutoff);
    const Matrix target = mapped_head(state_.target, state_.maps.target, round.cutoff);
    const int candidates = round.spelling ? kSpellingCandidates : candidates_for(round.keep);
    CslsResult csls = find_csls(source, target,
                                {.neighbors = round.csls_k,
                                 .row_k = candidates,
                                 .column_k = candidates,
                                 .warm_start = warm_start(source.rows(), target.rows())});
    const auto iteration = static_cast<std::uint64_t>(state_.monitor.iterations().size()) + 1;
    std::vector<WordPair> induced =
        round.spelling ? choose_pairs(csls, state_.source_keys(), state_.target_keys(),
                                      state_.seeds, {.mutual = round.matching == Matching::mutual})
                       : induce_pairs(csls, round.matching, {state_.seed, iteration, round.keep});
    IterationRecord record{.step = "self-learning",
                           .objective = mean_best_cosine(csls.neighbors),
                           .held_out = held_out_score(state_, csls.rows)};
    state_.pairs = with_seeds(std::move(induced), state_, round.seed_weight);
    neighbors_ = std::move(csls.neighbors);
    state_.maps =
        round.map == RoundMap::procrustes
            ? solve_procrustes(state_.source, state_.target, state_.pairs)
            : solve_multistep(state_.source, state_.target, state_.pairs, {.ridge = round.ridge});
    record.pairs = static_cast<Index>(state_.pairs.size());
    if (measure)
      record.consistency = measure_consistency(state_.source, state_.target, state_.maps).held_out;
    state_.monitor.record(record);
    return record;
  }

 private:
  const TopkResult* warm_start(Eigen::Index sources, Eigen::Index targets) const {
    const bool fits = neighbors_.rows.rows() == sources && neighbors_.columns.rows() == targets;
    return fits ? &neighbors_ : nullptr;
  }

  LearnState& state_;
  TopkResult neighbors_;
};

}  // namespace

void SelfLearning::validate() const {
  if (rounds.empty())
    throw Error(ErrorKind::config, "self-learning rounds", "none", "at least one");
  for (const SelfLearningRound& round : rounds) validate_round(round);
}

SelfLearning vecmap_self_learning(Index cutoff) {
  SelfLearning schedule;
  for (const double keep : {0.1, 0.2, 0.4, 0.8, 1.0})
    schedule.rounds.push_back({.repeat = 1000,
                               .cutoff = cutoff,
                               .matching = Matching::concatenated,
                               .seed_weight = 0,
                               .map = RoundMap::procrustes,
                               .keep = keep,
                               .stop = StopRule::objective,
                               .patience = 50});
  return schedule;
}

void run(const SelfLearning& step, LearnState& state) {
  Learner learner(state);
  if (!state.cursor.resuming()) state.memory.clear();
  Cursor::Level kinds(state.cursor);
  for (Index kind = kinds.first(); kind < static_cast<Index>(step.rounds.size()); ++kind) {
    kinds.at(kind);
    const SelfLearningRound& round = step.rounds[static_cast<std::size_t>(kind)];
    const bool fresh = !state.cursor.resuming();
    Cursor::Level repetitions(state.cursor);
    Plateau plateau(state.memory);
    if (fresh) plateau.forgive();
    for (Index i = repetitions.first(); i < round.repeat; ++i) {
      if (state.monitor.out_of_time()) return;
      const bool look = round.stop == StopRule::consistency && (i + 1) % round.patience == 0;
      const IterationRecord record =
          learner.learn(round, look || state.monitor.wants_consistency());
      bool enough = false;
      if (round.stop == StopRule::objective)
        enough = plateau.see(record.objective, round.min_gain) >= round.patience;
      else if (look)
        enough = plateau.see(*record.consistency, round.min_gain) > 0;
      repetitions.at(enough ? round.repeat : i + 1);
      state.checkpoint();
      if (enough) break;
    }
  }
}

}  // namespace xalign
