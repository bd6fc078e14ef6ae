// What the choice of steps by held-out seeds gains or loses against its default: the rarest fifth
// of a dictionary, and random fifths, are set apart; of the rest the automatic method chooses its
// list of steps as it always does; all lists, learned on the rest, translate the part set apart.
// Only training dictionaries belong here. See scripts/simulate-choice.
#include "mapping/steps.h"

#include <xalign/error.h>
#include <xalign/learn.h>
#include <xalign/lexicon_io.h>
#include <xalign/normalize.h>
#include <xalign/random.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace xalign;

constexpr Index kFewestPairs = 2000;

Embeddings load(const std::string& path, Index words) {
  Embeddings embeddings = read_vectors(path, {.max_vocab = words}).embeddings;
  Normalizer::fit(parse_normalize_recipe("unit,center,unit"), embeddings.vectors);
  return embeddings;
}

SeedSplit hold_out_random(const std::vector<WordPair>& pairs, std::uint64_t seed) {
  std::set<Index> words, held_out;
  for (const WordPair& pair : pairs) words.insert(pair.source);
  Random random(seed);
  for (const Index word : words)
    if (random.below(5) == 0) held_out.insert(word);
  SeedSplit split;
  for (const WordPair& pair : pairs)
    (held_out.contains(pair.source) ? split.held_out : split.train).push_back(pair);
  return split;
}

/// One line for each list, and whether it was chosen.
void simulate(const std::string& name, const SeedSplit& split, LearnState& state) {
  std::set<std::pair<Index, Index>> different;
  for (const WordPair& pair : split.train) different.emplace(pair.source, pair.target);
  // Where fewer words are read there may be fewer pairs than a choice needs.
  const Method resolved =
      resolve({"auto", {MapAuto{}}}, std::max(static_cast<Index>(different.size()), kFewestPairs),
              static_cast<Index>(std::min(state.source.rows(), state.target.rows())));
  const auto* choice = &std::get<ChooseMethod>(resolved.steps.front());
  const std::vector<HeldOutScore> trials =
      try_methods(*choice, hold_out_rarest(split.train), state, state.monitor);
  ChooseMethod whole = *choice;
  whole.words = static_cast<Index>(std::max(state.source.rows(), state.target.rows()));
  const std::vector<HeldOutScore> outcomes = try_methods(whole, split, state, state.monitor);
  const std::size_t chosen = choose_score(trials);
  for (std::size_t i = 0; i < trials.size(); ++i)
    fmt::print("{}\t{}\t{}\t{}\t{:.2f}\t{:.2f}\t{:.2f}\t{:.2f}\t{}\n", name, different.size(),
               outcomes[i].reciprocal_ranks.size(), choice->methods[i].name,
               100 * trials[i].mean_reciprocal_rank(), 100 * outcomes[i].precision(),
               100 * outcomes[i].mean_reciprocal_rank(),
               100 * paired_gain(outcomes[i], outcomes[0]).standard_error, i == chosen ? 1 : 0);
}

int run(const std::vector<std::string>& arguments) {
  int splits = 0;
  Index words = 0;
  const auto number = [](const std::string& text, auto& value) {
    return std::from_chars(text.data(), text.data() + text.size(), value).ptr ==
           text.data() + text.size();
  };
  if (arguments.size() != 6 || !number(arguments[4], splits) || !number(arguments[5], words)) {
    fmt::print(stderr,
               "usage: xalign-simulate-choice NAME SOURCE TARGET DICTIONARY RANDOM_SPLITS WORDS\n");
    return 2;
  }
  Embeddings source = load(arguments[1], words), target = load(arguments[2], words);
  const IndexedLexicon indexed = index_lexicon(read_lexicon(arguments[3]).lexicon, source.words,
                                               target.words, CasePolicy::lower);
  require_covered(indexed, arguments[3]);
  const LearnOptions options;
  LearnMonitor monitor(options);
  LearnState state{source.words, target.words, source.vectors, target.vectors, {}, {}, 1, monitor};
  simulate(arguments[0] + "\trarest", hold_out_rarest(indexed.pairs), state);
  for (int split = 1; split <= splits; ++split)
    simulate(fmt::format("{}\trandom {}", arguments[0], split),
             hold_out_random(indexed.pairs, static_cast<std::uint64_t>(split)), state);
  return 0;
}

}  // namespace

int main(int count, char** values) {
  try {
    return run({values + 1, values + count});
  } catch (const std::exception& error) {
    fmt::print(stderr, "xalign-simulate-choice: error: {}\n", error.what());
    return 3;
  }
}
