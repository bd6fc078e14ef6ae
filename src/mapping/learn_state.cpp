#include "mapping/learn_state.h"

#include "linalg/product.h"

#include <algorithm>

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

Matrix mapped_unit_rows(ConstRows rows, const Matrix& map, Index count) {
  const Eigen::Index taken =
      count > 0 ? std::min(static_cast<Eigen::Index>(count), rows.rows()) : rows.rows();
  Matrix mapped = multiply(rows.topRows(taken), map);
  normalize_rows(mapped);
  return mapped;
}

}  // namespace xalign
