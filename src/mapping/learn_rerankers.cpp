#include "mapping/learn_rerankers.h"

#include "mapping/fit_reranker.h"
#include "mapping/mapped_rows.h"
#include "mapping/steps.h"

#include <xalign/random.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

namespace xalign {
namespace {

using Pairs = std::vector<WordPair>;

bool makes_map(const MethodStep& step) {
  return std::holds_alternative<MapProcrustes>(step) ||
         std::holds_alternative<MapMultistep>(step) || std::holds_alternative<MapRidge>(step) ||
         std::holds_alternative<MapChosenMultistep>(step) ||
         std::holds_alternative<SelfLearning>(step);
}

std::set<Index> different_sources(std::span<const WordPair> pairs) {
  std::set<Index> words;
  for (const WordPair& pair : pairs) words.insert(pair.source);
  return words;
}

/// Half of the seeds by their source words.
std::array<Pairs, 2> halve(std::span<const WordPair> seeds, std::uint64_t seed) {
  Random random(seed);
  std::set<Index> second;
  for (const Index word : different_sources(seeds))
    if (random.below(2) == 1) second.insert(word);
  std::array<Pairs, 2> halves;
  for (const WordPair& pair : seeds) halves[second.contains(pair.source) ? 1 : 0].push_back(pair);
  return halves;
}

/// The pairs that hold no word of `half`, but for pairs with a target that others share.
Pairs without(const Pairs& pairs, const Pairs& half, std::span<const WordPair> seeds) {
  const std::set<Index> sources = different_sources(half);
  std::set<Index> targets;
  for (const WordPair& pair : half) targets.insert(pair.target);
  std::set<std::pair<Index, Index>> trusted;
  for (const WordPair& pair : seeds) trusted.emplace(pair.source, pair.target);
  Pairs rest;
  for (const WordPair& pair : pairs) {
    if (sources.contains(pair.source)) continue;
    if (targets.contains(pair.target) && !trusted.contains({pair.source, pair.target})) continue;
    rest.push_back(pair);
  }
  return rest;
}

Pairs turned(Pairs pairs) {
  for (WordPair& pair : pairs) std::swap(pair.source, pair.target);
  return pairs;
}

/// The map that a method makes of other pairs: by its last step that makes one of its pairs, and
/// the refinements behind it.
MapPair map_again(LearnState& state, const Method& method, Pairs pairs, const Pairs& seeds) {
  const LearnOptions quiet;
  LearnMonitor monitor(quiet);
  LearnState again{state.source_words,
                   state.target_words,
                   state.source,
                   state.target,
                   seeds,
                   {},
                   state.seed,
                   monitor};
  again.pairs = std::move(pairs);
  auto step = method.steps.end();
  while (step != method.steps.begin() && !makes_map(*std::prev(step))) --step;
  if (step != method.steps.begin()) --step;
  if (const auto* learning = std::get_if<SelfLearning>(&*step)) {
    const SelfLearningRound& last = learning->rounds.back();
    if (last.map == RoundMap::procrustes)
      run(MapProcrustes{}, again);
    else
      run(MapMultistep{{.ridge = last.ridge}}, again);
    ++step;
  }
  run_steps({step, method.steps.end()}, again);
  return std::move(again.maps);
}

}  // namespace

std::vector<RerankerTrial> learn_rerankers(LearnState& state, const Method& method,
                                           const RerankerOptions& options, Mapping& mapping) {
  if (different_sources(state.seeds).size() < static_cast<std::size_t>(options.min_seeds))
    return {};
  const RerankReach reach{options.neighbors, options.alike};
  const Pairs seeds(state.seeds.begin(), state.seeds.end());
  const SpellingTable &source_keys = state.source_keys(), &target_keys = state.target_keys();
  const std::array<Pairs, 2> halves = halve(state.seeds, state.seed);
  std::array<MapPair, 2> maps;  // of the half that the other one is judged by
  for (std::size_t i = 0; i < halves.size(); ++i)
    maps[i] = map_again(state, method, without(state.pairs, halves[i], state.seeds), halves[1 - i]);

  // One direction after the other: what they learn from is large.
  std::vector<RerankerTrial> trials;
  {
    RerankerFit forward(state.source_words, state.target_words, source_keys, target_keys, seeds,
                        reach);
    for (std::size_t i = 0; i < halves.size(); ++i)
      forward.add_fold(mapped_unit_rows(state.source, maps[i].source),
                       mapped_unit_rows(state.target, maps[i].target), halves[i], halves[1 - i]);
    mapping.source.reranker = forward.choose();
    trials = forward.trials();
  }
  if (mapping.source.reranker) {
    RerankerFit backward(state.target_words, state.source_words, target_keys, source_keys,
                         turned(seeds), reach);
    for (std::size_t i = 0; i < halves.size(); ++i)
      backward.add_fold(mapped_unit_rows(state.target, maps[i].target),
                        mapped_unit_rows(state.source, maps[i].source), turned(halves[i]),
                        turned(halves[1 - i]));
    mapping.target.reranker = backward.fit_like(*mapping.source.reranker);
  }
  return trials;
}

}  // namespace xalign
