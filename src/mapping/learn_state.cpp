#include "mapping/learn_state.h"

namespace xalign {

const SpellingTable& LearnState::source_keys() {
  if (!source_keys_made) source_keys_made.emplace(source_words);
  return *source_keys_made;
}

const SpellingTable& LearnState::target_keys() {
  if (!target_keys_made) target_keys_made.emplace(target_words);
  return *target_keys_made;
}

std::vector<WordPair> with_seeds(std::vector<WordPair> found, const LearnState& state,
                                 double seed_weight) {
  if (!(seed_weight > 0)) return found;
  for (WordPair seed : state.seeds) {
    seed.weight = static_cast<float>(seed.weight * seed_weight);
    found.push_back(seed);
  }
  return found;
}

}  // namespace xalign
