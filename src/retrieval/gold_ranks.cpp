#include "retrieval/gold_ranks.h"

#include "core/parallel_for.h"
#include "linalg/product.h"

#include <algorithm>
#include <limits>

namespace xalign {
namespace {

constexpr std::size_t kQueryBlock = 128;
constexpr Eigen::Index kTargetBlock = 2048;
constexpr Eigen::Index kReadTogether = 4 * kTargetBlock;
constexpr float kLowest = -std::numeric_limits<float>::infinity();

/// The queries whose gold is in no list, and what is known of each.
struct Missing {
  Matrix rows;
  std::vector<const std::vector<Index>*> gold;
  std::vector<float> best_gold;  // the score of the best gold target
  std::vector<Index> better;     // targets that score more, so far
};

float term_of(std::span<const float> terms, Eigen::Index i) {
  return terms.empty() ? 0.0f : terms[static_cast<std::size_t>(i)];
}

void score_gold(Missing& missing, const RowBlocks& target, std::span<const float> terms) {
  Matrix row(1, target.dimension);
  for (std::size_t i = 0; i < missing.gold.size(); ++i) {
    float best = kLowest;
    for (const Index gold : *missing.gold[i]) {
      target.read(gold, row);
      const double score = exact_dot(missing.rows.row(static_cast<Eigen::Index>(i)).data(),
                                     row.data(), target.dimension);
      best = std::max(best, static_cast<float>(score) + term_of(terms, gold));
    }
    missing.best_gold.push_back(best);
  }
}

/// Counts among the targets `block`, which begin with target `first`.
void count_better(Missing& missing, ConstRows block, Eigen::Index first,
                  std::span<const float> terms) {
  const Blocks queries{missing.gold.size(), kQueryBlock};
  parallel_for(queries.count(), [&](std::size_t q) {
    const auto length = static_cast<Eigen::Index>(queries.length(q));
    const auto rows = missing.rows.middleRows(static_cast<Eigen::Index>(queries.begin(q)), length);
    Matrix scores;
    for (Eigen::Index begin = 0; begin < block.rows(); begin += kTargetBlock) {
      const Eigen::Index width = std::min(kTargetBlock, block.rows() - begin);
      scores.resize(length, width);
      multiply_transposed(rows, block.middleRows(begin, width), scores);
      if (!terms.empty())
        scores.rowwise() += Eigen::Map<const RowVector>(terms.data() + first + begin, width);
      for (Eigen::Index i = 0; i < length; ++i) {
        const std::size_t query = queries.begin(q) + static_cast<std::size_t>(i);
        auto row = scores.row(i);
        // No gold target is better than the best one, whatever the rounding of the product.
        for (const Index gold : *missing.gold[query])
          if (gold >= first + begin && gold < first + begin + width)
            row(gold - first - begin) = kLowest;
        missing.better[query] +=
            static_cast<Index>((row.array() > missing.best_gold[query]).count());
      }
    }
  });
}

}  // namespace

std::vector<Index> find_gold_ranks(ConstRows queries, const RowBlocks& target,
                                   std::span<const float> terms,
                                   std::span<const std::vector<Index>> gold,
                                   const TopkLists& lists) {
  std::vector<Index> ranks(gold.size(), 0);
  std::vector<std::size_t> members;
  for (std::size_t q = 0; q < gold.size(); ++q) {
    const auto row = lists.index.row(static_cast<Eigen::Index>(q));
    for (Index position = 0; position < lists.k() && ranks[q] == 0; ++position)
      if (std::find(gold[q].begin(), gold[q].end(), row(position)) != gold[q].end())
        ranks[q] = position + 1;
    if (ranks[q] == 0) members.push_back(q);
  }

  // A query whose gold is not in its list: count the targets that score better.
  Missing missing;
  missing.rows.resize(static_cast<Eigen::Index>(members.size()), queries.cols());
  for (std::size_t i = 0; i < members.size(); ++i) {
    missing.rows.row(static_cast<Eigen::Index>(i)) =
        queries.row(static_cast<Eigen::Index>(members[i]));
    missing.gold.push_back(&gold[members[i]]);
  }
  missing.better.assign(members.size(), 0);
  score_gold(missing, target, terms);
  Matrix block;
  for (Eigen::Index first = 0; first < target.rows && !members.empty(); first += kReadTogether) {
    block.resize(std::min(kReadTogether, target.rows - first), target.dimension);
    target.read(first, block);
    count_better(missing, block, first, terms);
  }
  // Rounding must not lift a word into the list that it is not in.
  const auto listed = static_cast<Index>(std::min<Eigen::Index>(lists.k(), target.rows));
  for (std::size_t i = 0; i < members.size(); ++i)
    ranks[members[i]] = std::max(missing.better[i], listed) + 1;
  return ranks;
}

}  // namespace xalign
