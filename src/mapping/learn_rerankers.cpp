#include "mapping/learn_rerankers.h"

#include "mapping/fit_reranker.h"
#include "mapping/mapped_rows.h"

#include <xalign/random.h>

#include <algorithm>
#include <array>
#include <set>

namespace xalign {
namespace {

using Pairs = std::vector<WordPair>;

/// The map that the last step of a method makes of its pairs.
struct MapAgain {
  ConstRows source;
  ConstRows target;
  const Pairs& pairs;

  MapPair multistep(const MultistepOptions& options) const {
    return solve_multistep(source, target, pairs, options);
  }
  MapPair operator()(const MapProcrustes&) const { return solve_procrustes(source, target, pairs); }
  MapPair operator()(const MapMultistep& step) const { return multistep(step.options); }
  MapPair operator()(const MapRidge& step) const {
    return solve_ridge(source, target, pairs, step.lambda);
  }
  MapPair operator()(const SelfLearning& step) const {
    const SelfLearningRound& last = step.rounds.back();
    return last.map == RoundMap::procrustes ? solve_procrustes(source, target, pairs)
                                            : multistep({.ridge = last.ridge});
  }
  template <class Step>
  MapPair operator()(const Step&) const {
    return multistep({});
  }
};

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

}  // namespace

std::vector<RerankerTrial> learn_rerankers(LearnState& state, const Method& method,
                                           const RerankerOptions& options, Mapping& mapping) {
  if (different_sources(state.seeds).size() < static_cast<std::size_t>(options.min_seeds))
    return {};
  const RerankReach reach{options.neighbors, options.alike};
  RerankerFit forward(state.source_words, state.target_keys(), reach);
  RerankerFit backward(state.target_words, state.source_keys(), reach);
  for (const Pairs& half : halve(state.seeds, state.seed)) {
    const Pairs rest = without(state.pairs, half, state.seeds);
    const MapPair maps =
        std::visit(MapAgain{state.source, state.target, rest}, method.steps.back());
    const Matrix source = mapped_unit_rows(state.source, maps.source);
    const Matrix target = mapped_unit_rows(state.target, maps.target);
    forward.add_fold(source, target, half);
    backward.add_fold(target, source, turned(half));
  }
  mapping.source.reranker = forward.choose();
  if (mapping.source.reranker)
    mapping.target.reranker = backward.fit_like(*mapping.source.reranker);
  return forward.trials();
}

}  // namespace xalign
