#include "mapping/induced_pairs.h"
#include "mapping/mapped_rows.h"
#include "mapping/refine_steps.h"
#include "mapping/training_rows.h"

#include <xalign/consistency.h>
#include <xalign/csls.h>
#include <xalign/error.h>
#include <xalign/held_out.h>
#include <xalign/random.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace xalign {
namespace {

constexpr double kHalfRidge = 0.1;
constexpr int kNullPairs = 200;
constexpr Eigen::Index kNullAmong = 2000;
// Between the strengths that were seen (docs/methods.md).
constexpr double kFailedBelow = 0.045;
constexpr double kAlignedFrom = 0.25;
// Beyond it another null run, which is good for a few hundredths, changes nothing.
constexpr double kClear = 0.35;

/// Self-learning step: pairs of best partners under the maps. Keeps the lists for the next search.
std::vector<WordPair> mutual_pairs(ConstRows source, ConstRows target, const MapPair& maps,
                                   TopkResult* lists = nullptr) {
  const bool again = lists != nullptr && lists->rows.rows() > 0;
  CslsResult csls =
      find_csls(mapped_unit_rows(source, maps.source), mapped_unit_rows(target, maps.target),
                {.warm_start = again ? lists : nullptr});
  if (lists != nullptr) *lists = std::move(csls.neighbors);
  return induce_pairs(csls, Matching::mutual);
}

double found_again(const TopkLists& nearest, const std::vector<WordPair>& pairs) {
  const auto count = std::count_if(pairs.begin(), pairs.end(), [&](const WordPair& pair) {
    return nearest.index(pair.source, 0) == pair.target;
  });
  return static_cast<double>(count) / static_cast<double>(pairs.size());
}

/// What self-learning makes of pairs that were drawn at random among frequent words.
MapPair null_maps(ConstRows source, ConstRows target, const JudgeOptions& options, int run) {
  Random random(options.seed + 0x9e3779b97f4a7c15U * static_cast<std::uint64_t>(run + 1));
  const auto draw = [&](ConstRows rows) {
    const auto among = std::min<Eigen::Index>(kNullAmong, rows.rows());
    return static_cast<Index>(random.below(static_cast<std::uint64_t>(among)));
  };
  std::vector<WordPair> pairs;
  for (int i = 0; i < kNullPairs; ++i) {
    const Index word = draw(source);
    pairs.push_back({word, draw(target), 1});
  }
  MapPair maps = solve_multistep(source, target, pairs, {.ridge = 1});
  TopkResult lists;
  for (int round = 0; round < options.null_rounds; ++round) {
    pairs = mutual_pairs(source, target, maps, &lists);
    if (pairs.empty()) break;
    maps = solve_multistep(source, target, pairs);
  }
  return maps;
}

Consistency measure(ConstRows source, ConstRows target, const MapPair& maps, std::uint64_t seed) {
  const std::vector<WordPair> pairs = mutual_pairs(source, target, maps);
  Consistency consistency;
  consistency.pairs = static_cast<Index>(pairs.size());
  consistency.words = static_cast<Index>(std::max(source.rows(), target.rows()));
  std::array<std::vector<WordPair>, 2> halves;
  Random random(seed);
  for (const WordPair& pair : pairs) halves[random.next() >> 63].push_back(pair);
  if (halves[0].empty() || halves[1].empty()) return consistency;

  std::array<TopkLists, 2> nearest;
  for (std::size_t half = 0; half < 2; ++half) {
    const MapPair learned = solve_multistep(source, target, halves[half], {.ridge = kHalfRidge});
    nearest[half] = find_topk(mapped_unit_rows(source, learned.source),
                              mapped_unit_rows(target, learned.target), {.row_k = 1})
                        .rows;
  }
  consistency.held_out =
      (found_again(nearest[0], halves[1]) + found_again(nearest[1], halves[0])) / 2;
  const auto same = (nearest[0].index.array() == nearest[1].index.array()).count();
  consistency.agreement = static_cast<double>(same) / static_cast<double>(source.rows());
  return consistency;
}

Outcome decide(const Verdict& verdict) {
  if (verdict.strength() >= kAlignedFrom) return Outcome::aligned;
  return verdict.strength() >= kFailedBelow ? Outcome::doubtful : Outcome::failed;
}

}  // namespace

std::string_view to_string(Outcome outcome) {
  constexpr std::array<std::string_view, 3> kNames{"aligned", "doubtful", "failed"};
  return kNames.at(static_cast<std::size_t>(outcome));
}

Consistency measure_consistency(ConstRows source, ConstRows target, const MapPair& maps,
                                Index words, std::uint64_t seed) {
  check_maps(source, target, maps);
  return measure(first_rows(source, words), first_rows(target, words), maps, seed);
}

void JudgeOptions::validate() const {
  const auto require = [](const char* option, Index found, Index least) {
    if (found < least)
      throw Error(ErrorKind::config, option, fmt::format("{}", found),
                  fmt::format("{} or more", least));
  };
  require("words", words, 1);
  require("null_runs", null_runs, 1);
  require("null_rounds", null_rounds, 0);
}

double Verdict::strength() const {
  return null < 1 ? (found.held_out - null) / (1 - null) : 0;
}

Verdict judge_alignment(ConstRows source, ConstRows target, const MapPair& maps,
                        std::span<const WordPair> held_out, const JudgeOptions& options) {
  options.validate();
  check_maps(source, target, maps);
  const auto first_source = first_rows(source, options.words);
  const auto first_target = first_rows(target, options.words);
  const auto advance = [&](int done) {
    if (options.progress)
      options.progress({"judge the alignment", static_cast<std::uint64_t>(done),
                        static_cast<std::uint64_t>(options.null_runs + 1)});
  };
  Verdict verdict;
  verdict.found = measure(first_source, first_target, maps, options.seed);
  advance(1);
  for (int run = 0; run < options.null_runs; ++run) {
    if (run > 0 && verdict.strength() > kClear) break;
    const MapPair chance = null_maps(first_source, first_target, options, run);
    verdict.null =
        std::max(verdict.null, measure(first_source, first_target, chance, options.seed).held_out);
    advance(run + 2);
  }
  if (!held_out.empty())
    verdict.held_out_precision = score_held_out(source, target, maps, held_out).precision();
  verdict.outcome = decide(verdict);
  return verdict;
}

}  // namespace xalign
