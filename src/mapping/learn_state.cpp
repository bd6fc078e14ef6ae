#include "mapping/learn_state.h"

namespace xalign {

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
