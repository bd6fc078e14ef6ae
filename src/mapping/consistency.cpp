#include "mapping/induced_pairs.h"
#include "mapping/mapped_rows.h"
#include "mapping/refine_steps.h"
#include "mapping/training_rows.h"

#include <xalign/consistency.h>
#include <xalign/csls.h>
#include <xalign/error.h>
#include <xalign/held_out.h>
#include <xalign/pair_confidence.h>
#include <xalign/random.h>
#include <xalign/spelling_pairs.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace xalign {
namespace {

constexpr double kHalfRidge = 0.1;
constexpr std::size_t kNullPairs = 200;
constexpr Eigen::Index kNullAmong = 2000;
// Null runs with spelling go the way of a run without seeds.
constexpr int kSpellingRounds = 6;
constexpr int kMutualSpellingRounds = 2;
constexpr Index kSpellingWords = 6000;
constexpr int kSpellingCandidates = 10;
constexpr double kSpellingRidge = 0.3;
// Between the strengths that were seen (docs/methods.md).
constexpr double kFailedBelow = 0.15;
constexpr double kAlignedFrom = 0.25;
// Another null run is good for a few hundredths, and changes nothing further away.
constexpr double kNear = 0.06;
// Wrong seeds translate next to none of each other.
constexpr double kSeedsHold = 0.05;
constexpr std::size_t kFewestSeedWords = 100;
// Enough candidates to tell, and soon searched.
constexpr Index kSeedCandidates = 5000;

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

/// Pairs drawn at random among frequent words.
void add_random_pairs(ConstRows source, ConstRows target, Random& random,
                      std::vector<WordPair>& pairs) {
  const auto draw = [&](ConstRows rows) {
    const auto among = std::min<Eigen::Index>(kNullAmong, rows.rows());
    return static_cast<Index>(random.below(static_cast<std::uint64_t>(among)));
  };
  while (pairs.size() < kNullPairs) {
    const Index word = draw(source);
    pairs.push_back({word, draw(target), 1});
  }
}

/// Spelling that has nothing to do with the vectors: the target words in random order.
class NullSpelling {
 public:
  NullSpelling(const JudgeOptions& options, Eigen::Index sources, Eigen::Index targets,
               Random& random)
      : source_(*options.source_words, static_cast<Index>(sources)) {
    std::vector<std::string_view> words;
    for (Index i = 0; i < static_cast<Index>(targets); ++i)
      words.push_back((*options.target_words)[i]);
    for (std::size_t i = words.size(); i > 1; --i)
      std::swap(words[i - 1], words[static_cast<std::size_t>(random.below(i))]);
    target_ = SpellingTable(words);
  }

  std::vector<WordPair> alike() const { return find_spelling_pairs(source_, target_); }

  /// As the rounds of self-learning with spelling.
  MapPair learn(ConstRows source, ConstRows target, MapPair maps) const {
    TopkResult lists;
    for (int round = 0; round < kSpellingRounds; ++round) {
      const bool last = round + kMutualSpellingRounds >= kSpellingRounds;
      const Index words = last ? std::numeric_limits<Index>::max() : kSpellingWords;
      const auto first_source = first_rows(source, words), first_target = first_rows(target, words);
      const bool again =
          lists.rows.rows() == first_source.rows() && lists.columns.rows() == first_target.rows();
      CslsResult csls = find_csls(mapped_unit_rows(first_source, maps.source),
                                  mapped_unit_rows(first_target, maps.target),
                                  {.row_k = kSpellingCandidates,
                                   .column_k = kSpellingCandidates,
                                   .warm_start = again ? &lists : nullptr});
      const auto pairs = choose_pairs(csls, source_, target_, {}, {.mutual = last});
      lists = std::move(csls.neighbors);
      if (pairs.empty()) break;
      maps = solve_multistep(source, target, pairs, {.ridge = last ? 0 : kSpellingRidge});
    }
    return maps;
  }

 private:
  SpellingTable source_, target_;
};

/// What a run makes of vectors that have nothing to do with each other.
MapPair null_maps(ConstRows source, ConstRows target, const JudgeOptions& options, int run) {
  Random random(options.seed + 0x9e3779b97f4a7c15U * static_cast<std::uint64_t>(run + 1));
  std::optional<NullSpelling> spelling;
  std::vector<WordPair> pairs;
  if (options.source_words != nullptr) {
    spelling.emplace(options, source.rows(), target.rows(), random);
    pairs = spelling->alike();
  }
  add_random_pairs(source, target, random, pairs);
  MapPair maps = solve_multistep(source, target, pairs, {.ridge = spelling ? 3.0 : 1.0});
  if (spelling) maps = spelling->learn(source, target, std::move(maps));
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

/// Share of the seed words of either half that the plain map of the other half translates rightly.
std::optional<double> halves_of_seeds(ConstRows source, ConstRows target,
                                      std::span<const WordPair> seeds) {
  // Words, not pairs: no word may stand in both halves.
  std::array<std::vector<WordPair>, 2> halves;
  const std::vector<Index> words = words_of(seeds, &WordPair::source);
  if (words.size() < kFewestSeedWords) return std::nullopt;
  for (const WordPair& seed : seeds)
    halves[static_cast<std::size_t>(position_of(words, seed.source) % 2)].push_back(seed);
  double right = 0;
  for (std::size_t half = 0; half < 2; ++half) {
    const MapPair maps = solve_multistep(source, target, halves[1 - half], {.ridge = 1});
    right += score_held_out(source, target, maps, halves[half], kSeedCandidates).precision() / 2;
  }
  return right;
}

bool near_a_limit(double strength) {
  return std::abs(strength - kFailedBelow) < kNear || std::abs(strength - kAlignedFrom) < kNear;
}

Outcome decide(const Verdict& verdict) {
  if (verdict.strength() >= kAlignedFrom) return Outcome::aligned;
  const bool seeds_hold = verdict.seed_precision.value_or(0) >= kSeedsHold;
  return verdict.strength() >= kFailedBelow || seeds_hold ? Outcome::doubtful : Outcome::failed;
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
  if ((source_words == nullptr) != (target_words == nullptr))
    throw Error(ErrorKind::config, "source_words", "the words of one side only",
                "those of both sides or none");
}

double Verdict::strength() const {
  return null < 1 ? (found.held_out - null) / (1 - null) : 0;
}

Verdict judge_alignment(ConstRows source, ConstRows target, const MapPair& maps,
                        std::span<const WordPair> held_out, const JudgeOptions& options) {
  options.validate();
  check_maps(source, target, maps);
  if (options.source_words != nullptr && (options.source_words->size() != source.rows() ||
                                          options.target_words->size() != target.rows()))
    throw Error(ErrorKind::data, "source_words", "another number of words than rows",
                "a word for every row");
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
  const auto null_run = [&](int run) {
    if (run == 0 && options.first_null) return *options.first_null;
    const MapPair chance = null_maps(first_source, first_target, options, run);
    return measure(first_source, first_target, chance, options.seed).held_out;
  };
  for (int run = 0; run < options.null_runs; ++run) {
    if (run > 0 && !near_a_limit(verdict.strength())) break;
    verdict.null = std::max(verdict.null, null_run(run));
    advance(run + 2);
  }
  verdict.seed_precision = halves_of_seeds(source, target, options.seeds);
  if (!held_out.empty())
    verdict.held_out_precision = score_held_out(source, target, maps, held_out).precision();
  verdict.outcome = decide(verdict);
  return verdict;
}

}  // namespace xalign
