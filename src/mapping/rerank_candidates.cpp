#include "mapping/rerank_candidates.h"

#include "core/parallel_for.h"
#include "linalg/topk_dispatch.h"
#include "mapping/mapped_rows.h"
#include "mapping/near_lists.h"
#include "mapping/pair_features.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace xalign {
namespace {

constexpr std::size_t kBlock = 64;
constexpr int kNeighbors = 10;         // of r, of densities and of votes
constexpr std::size_t kBestVotes = 5;  // neighbours whose best vote counts
constexpr Eigen::Index kHead = 20000;  // neighbours are sought among the most frequent words
constexpr float kLeastDice = 0.5F;
constexpr float kCognate = 0.6F;
constexpr double kWhiteningRidge = 1e-3;  // of the mean eigenvalue

auto head(const Eigen::Ref<const Matrix>& rows) {
  return rows.topRows(std::min(rows.rows(), kHead));
}

float log_rank(std::size_t rank) {
  return static_cast<float>(std::log1p(static_cast<double>(rank)));
}

/// The candidates of one query: those by cosine, then those by spelling that are not among them.
void append_candidates(const TopkLists& near, const TopkLists& alike, Eigen::Index query,
                       RerankLists& lists) {
  const auto begin = static_cast<std::ptrdiff_t>(lists.words.size());
  for (Eigen::Index j = 0; j < near.k() && near.index(query, j) >= 0; ++j)
    lists.words.push_back(near.index(query, j));
  const auto end = static_cast<std::ptrdiff_t>(lists.words.size());
  for (Eigen::Index j = 0; j < alike.k() && alike.index(query, j) >= 0; ++j) {
    const Index word = alike.index(query, j);
    if (alike.score(query, j) < kLeastDice) break;
    const auto stop = lists.words.begin() + end;
    if (std::find(lists.words.begin() + begin, stop, word) == stop) lists.words.push_back(word);
  }
  lists.features.begins.push_back(lists.words.size());
}

std::vector<Index> indices_of(const NearLists& lists, std::span<const Index> rows) {
  std::vector<Index> indices;
  for (const Index row : rows)
    for (const auto& neighbor : lists.of(row)) indices.push_back(neighbor.index);
  return indices;
}

std::vector<Index> joined(std::vector<Index> a, const std::vector<Index>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Everything that is sought for the queries and candidates of a call.
struct Neighborhoods {
  NearLists queries;     // of queries in their language
  NearLists voters;      // of the neighbours of queries in the other language
  NearLists backward;    // of candidates in the language of the queries
  NearLists candidates;  // of candidates in their language

  Neighborhoods(const RerankSpace& space, std::span<const Index> rows,
                const std::vector<Index>& words, bool votes)
      : queries(space.queries, {rows.begin(), rows.end()}, head(space.queries), kNeighbors, true),
        voters(space.queries, votes ? indices_of(queries, rows) : std::vector<Index>{},
               head(space.candidates), kNeighbors, false),
        backward(
            space.candidates,
            joined(votes ? indices_of(voters, indices_of(queries, rows)) : std::vector<Index>{},
                   words),
            head(space.queries), kNeighbors, false),
        candidates(space.candidates, words, head(space.candidates), kNeighbors, true) {}

  /// The best partner of a neighbour of a query by CSLS; -1 without any.
  Index translation(Index voter) const {
    Index best = -1;
    float most = 0;
    for (const auto& [word, cosine] : voters.of(voter)) {
      const float score = 2 * cosine - backward.mean(word);
      if (best >= 0 && score <= most) continue;
      best = word;
      most = score;
    }
    return best;
  }
};

/// What the neighbours of one query translate to.
struct Votes {
  RowVector sum;  // unit length
  Matrix best;    // of the nearest neighbours

  Votes(const RerankSpace& space, const Neighborhoods& near,
        std::span<const NearLists::Neighbor> neighbors)
      : sum(RowVector::Zero(space.candidates.cols())), best(0, space.candidates.cols()) {
    std::vector<Index> nearest;
    for (const auto& [neighbor, cosine] : neighbors) {
      const Index word = near.translation(neighbor);
      if (word < 0) continue;
      sum += cosine * space.candidates.row(word);
      if (nearest.size() < kBestVotes) nearest.push_back(word);
    }
    const float norm = sum.norm();
    if (norm > 0) sum /= norm;
    best = gather_rows(space.candidates, nearest);
  }
};

/// Cosines after whitening with W: x W W' z' over the lengths of x W and z W, so that W is applied
/// to every word once, and to one at a time: the bytes do not depend on what else is asked.
class WhitenedCosines {
 public:
  WhitenedCosines(const RerankSpace& space, std::span<const Index> rows,
                  const std::vector<Index>& words)
      : space_(space),
        words_(sorted_unique(words)),
        length_(words_.size()),
        queries_(static_cast<Eigen::Index>(rows.size()), space.queries.cols()) {
    const Blocks blocks{words_.size(), kBlock};
    parallel_for(blocks.count(), [&](std::size_t block) {
      for (std::size_t i = blocks.begin(block); i < blocks.begin(block) + blocks.length(block); ++i)
        length_[i] = whiten(space_.candidates.row(words_[i])).norm();
    });
    const Blocks query_blocks{rows.size(), kBlock};
    parallel_for(query_blocks.count(), [&](std::size_t block) {
      const std::size_t end = query_blocks.begin(block) + query_blocks.length(block);
      for (std::size_t i = query_blocks.begin(block); i < end; ++i) {
        const RowVector white = whiten(space_.queries.row(rows[i]));
        const float length = white.norm();
        queries_.row(static_cast<Eigen::Index>(i)) =
            whiten(length > 0 ? RowVector(white / length) : white);
      }
    });
  }

  /// Of the query at `place` among the rows and one of the words.
  float operator()(std::size_t place, Index word) const {
    const float length = length_[static_cast<std::size_t>(position_of(words_, word))];
    if (length <= 0) return 0;
    return queries_.row(static_cast<Eigen::Index>(place)).dot(space_.candidates.row(word)) / length;
  }

 private:
  RowVector whiten(const Eigen::Ref<const RowVector>& row) const {
    RowVector white = RowVector::Zero(row.cols());
    topk_kernels().add_rows(row.data(), space_.all_directions(), white.data());
    return white;
  }

  const RerankSpace& space_;
  std::vector<Index> words_;   // sorted
  std::vector<float> length_;  // of whitened words
  Matrix queries_;             // x W W' over the length of x W; W = W'
};

void fill_list(const RerankSpace& space, const Neighborhoods& near, const WhitenedCosines& whitened,
               const SpellingTable& keys, Index row, std::size_t query, bool votes,
               RerankLists& lists) {
  const std::size_t begin = lists.features.begins[query];
  const std::size_t count = lists.features.begins[query + 1] - begin;
  const auto words = std::span(lists.words).subspan(begin, count);
  std::vector<float> cosines(count), scores(count);
  for (std::size_t i = 0; i < count; ++i) {
    cosines[i] =
        static_cast<float>(exact_dot(space.queries.row(row).data(),
                                     space.candidates.row(words[i]).data(), space.queries.cols()));
    scores[i] = 2 * cosines[i] - near.backward.mean(words[i]);
  }
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  const Votes voted(space, near,
                    votes ? near.queries.of(row) : std::span<const NearLists::Neighbor>{});
  const float density = near.queries.mean(row);
  const auto key_length =
      static_cast<float>(std::min<std::size_t>(12, keys.key(static_cast<Index>(query)).size()));
  for (std::size_t rank = 0; rank < count; ++rank) {
    const std::size_t i = order[rank];
    const Index word = words[i];
    const float best_other = count > 1 ? scores[order[rank == 0 ? 1 : 0]] : scores[i];
    const auto back = near.backward.of(word);
    const auto place = std::find_if(back.begin(), back.end(),
                                    [&](const auto& neighbor) { return neighbor.index == row; });
    const float candidate_density = near.candidates.mean(word);
    float* out = lists.features.values.row(static_cast<Eigen::Index>(begin + i)).data();
    *out++ = cosines[i];
    *out++ = 2 * cosines[i] - scores[i];
    *out++ = log_rank(rank);
    *out++ = scores[i] - best_other;
    *out++ = back.empty() ? 0 : cosines[i] - back.front().cosine;
    *out++ = log_rank(static_cast<std::size_t>(place - back.begin()));
    *out++ = whitened(query, word);
    *out++ = candidate_density;
    *out++ = std::abs(candidate_density - density);
    const SpellingSimilarity spelling =
        compare_spelling(keys, static_cast<Index>(query), space.candidate_keys, word);
    out = append_spelling(spelling, out);
    *out++ = spelling.edit * spelling.edit;
    *out++ = spelling.edit * cosines[i];
    *out++ = spelling.edit >= kCognate ? 1 : 0;
    *out++ = spelling.edit * key_length;
    *out++ = voted.sum.dot(space.candidates.row(word));
    *out++ = voted.best.rows() == 0
                 ? 0
                 : (voted.best * space.candidates.row(word).transpose()).maxCoeff();
    *out++ = log_rank(static_cast<std::size_t>(word));
    *out++ = std::abs(log_rank(static_cast<std::size_t>(word)) -
                      log_rank(static_cast<std::size_t>(row)));
    const AffixTable::Match affixes =
        space.affixes == nullptr ? AffixTable::Match{}
                                 : space.affixes->compare(keys.key(static_cast<Index>(query)),
                                                          space.candidate_keys.key(word));
    *out++ = affixes.beginning;
    *out++ = affixes.ending;
    *out++ = affixes.usual_beginning;
    *out++ = affixes.usual_ending;
  }
}

}  // namespace

RerankSpace::RerankSpace(ConstRows query_rows, ConstRows candidate_rows, const SpellingTable& keys,
                         const SpellingIndex& index, const AffixTable* table)
    : queries(query_rows),
      candidates(candidate_rows),
      candidate_keys(keys),
      candidate_index(index),
      affixes(table) {
  const auto a = head(queries), b = head(candidates);
  const MatrixD covariance = cross_product(a, a) / static_cast<double>(a.rows()) +
                             cross_product(b, b) / static_cast<double>(b.rows());
  const double shift = kWhiteningRidge * covariance.trace() / static_cast<double>(a.cols());
  whitening = symmetric_roots(covariance, shift, 0, "reranker").inverse_root.cast<float>();
  directions_.resize(static_cast<std::size_t>(whitening.rows()));
  std::iota(directions_.begin(), directions_.end(), 0);
}

RerankLists make_rerank_lists(const RerankSpace& space, std::span<const Index> rows,
                              const SpellingTable& keys, const RerankReach& reach, bool votes) {
  RerankLists lists;
  const TopkLists near =
      find_topk(gather_rows(space.queries, rows), space.candidates, {.row_k = reach.neighbors})
          .rows;
  TopkLists alike;
  if (reach.alike > 0) {
    std::vector<Index> all(rows.size());
    std::iota(all.begin(), all.end(), 0);
    alike = space.candidate_index.find(keys, all, reach.alike);
  }
  for (std::size_t i = 0; i < rows.size(); ++i)
    append_candidates(near, alike, static_cast<Eigen::Index>(i), lists);
  lists.features.values.resize(static_cast<Eigen::Index>(lists.words.size()),
                               static_cast<Eigen::Index>(kRerankFeatures.size()));
  const Neighborhoods neighborhoods(space, rows, lists.words, votes);
  const WhitenedCosines whitened(space, rows, lists.words);
  const Blocks blocks{rows.size(), kBlock};
  parallel_for(blocks.count(), [&](std::size_t block) {
    for (std::size_t i = blocks.begin(block); i < blocks.begin(block) + blocks.length(block); ++i)
      fill_list(space, neighborhoods, whitened, keys, rows[i], i, votes, lists);
  });
  return lists;
}

}  // namespace xalign
