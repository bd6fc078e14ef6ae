#include "core/progress_meter.h"
#include "linalg/topk_lists.h"

#include <xalign/row_blocks.h>

#include <algorithm>
#include <vector>

namespace xalign {
namespace {

constexpr Eigen::Index kBlockRows = 8192;

/// The pairs to leave out whose row lies in a block, counted from its beginning.
std::vector<std::pair<Index, Index>> pairs_in(std::span<const std::pair<Index, Index>> pairs,
                                              Eigen::Index first, Eigen::Index count) {
  std::vector<std::pair<Index, Index>> found;
  for (const auto& [query, row] : pairs)
    if (row >= first && row < first + count)
      found.emplace_back(query, static_cast<Index>(row - first));
  return found;
}

}  // namespace

RowBlocks make_row_blocks(ConstRows rows) {
  const Eigen::Ref<const Matrix> held(rows);
  RowBlocks blocks{.rows = rows.rows(), .dimension = rows.cols()};
  blocks.read = [held](Eigen::Index first, Rows out) { out = held.middleRows(first, out.rows()); };
  return blocks;
}

RowBlocks first_rows(RowBlocks source, Eigen::Index rows) {
  if (rows >= source.rows) return source;
  source.rows = rows;
  source.search = nullptr;
  return source;
}

TopkLists find_topk(ConstRows queries, const RowBlocks& target, const TopkOptions& options) {
  options.validate();
  if (TopkLists lists; target.search && target.search(queries, options, lists)) return lists;
  CandidateLists lists(queries.rows(), options.row_k);
  ProgressMeter progress(options.progress, "find neighbours",
                         static_cast<std::uint64_t>(target.rows));
  Matrix block;
  for (Eigen::Index first = 0; first < target.rows; first += kBlockRows) {
    const Eigen::Index count = std::min(kBlockRows, target.rows - first);
    block.resize(count, target.dimension);
    target.read(first, block);
    const auto skipped = pairs_in(options.skip_pairs, first, count);
    const auto terms = options.column_terms.empty()
                           ? options.column_terms
                           : options.column_terms.subspan(static_cast<std::size_t>(first),
                                                          static_cast<std::size_t>(count));
    const TopkLists found = find_topk(queries, block,
                                      {.row_k = options.row_k,
                                       .row_terms = options.row_terms,
                                       .column_terms = terms,
                                       .skip_pairs = skipped,
                                       .isa = options.isa})
                                .rows;
    for (Eigen::Index q = 0; q < found.rows(); ++q) {
      const auto term = [&](std::span<const float> all, Eigen::Index i) {
        return all.empty() ? 0.0 : static_cast<double>(all[static_cast<std::size_t>(i)]);
      };
      for (Eigen::Index rank = 0; rank < found.k() && found.index(q, rank) >= 0; ++rank) {
        // Scores of the lists are rounded; blocks are merged by those that are not.
        const Index row = found.index(q, rank);
        const double score =
            exact_dot(queries.row(q).data(), block.row(row).data(), target.dimension) +
            (term(options.row_terms, q) + term(terms, row));
        lists.offer(q, score, static_cast<Index>(first + row));
      }
    }
    progress.add(static_cast<std::uint64_t>(count));
  }
  return lists.finish();
}

}  // namespace xalign
