#include "retrieval/gold_ranks.h"
#include "retrieval/score_parts.h"

#include <xalign/block_ranker.h>
#include <xalign/error.h>

#include <algorithm>
#include <string>
#include <utility>

namespace xalign {
namespace {

// Rows whose terms are computed together: each block of them reads all others once.
constexpr Eigen::Index kTermBlock = 32768;

RowBlocks counting(const RowBlocks& rows, const RetrievalOptions& options) {
  return options.csls_vocab > 0 ? first_rows(rows, options.csls_vocab) : rows;
}

}  // namespace

std::vector<float> find_neighborhood_means(ConstRows rows, const RowBlocks& others,
                                           const RetrievalOptions& options) {
  return row_means(
      find_topk(rows, others,
                {.row_k = options.csls_k, .isa = options.isa, .progress = options.progress}),
      options.csls_k);
}

BlockRanker::BlockRanker(RowBlocks source, RowBlocks target, const RetrievalOptions& options)
    : source_(std::move(source)), target_(std::move(target)), options_(options) {
  options.validate();
  if (options.retrieval == Retrieval::isf)
    throw Error(ErrorKind::config, "retrieval", "isf", "nn or csls for rows read block by block");
}

std::vector<float> BlockRanker::terms_of(const RowBlocks& rows, const RowBlocks& others) const {
  std::vector<float> terms;
  Matrix block;
  for (Eigen::Index first = 0; first < rows.rows; first += kTermBlock) {
    block.resize(std::min(kTermBlock, rows.rows - first), rows.dimension);
    rows.read(first, block);
    const std::vector<float> some = csls_terms(find_neighborhood_means(block, others, options_));
    terms.insert(terms.end(), some.begin(), some.end());
  }
  return terms;
}

void BlockRanker::use_target_means(std::span<const float> means) {
  if (static_cast<Eigen::Index>(means.size()) != target_.rows)
    throw Error(ErrorKind::config, "means", std::to_string(means.size()),
                std::to_string(target_.rows) + ", one for each target");
  terms_ = csls_terms({means.begin(), means.end()});
}

TopkLists BlockRanker::rank(ConstRows queries, int k) {
  TopkLists lists;
  if (options_.retrieval == Retrieval::nn)
    lists = find_topk(queries, target_, {.row_k = k, .isa = options_.isa});
  else if (!terms_.empty() || many_ || !rank_few(queries, k, lists))
    lists = rank_all(queries, k);
  lists.score *= score_scale(options_);
  return lists;
}

std::vector<Index> BlockRanker::gold_ranks(ConstRows queries,
                                           std::span<const std::vector<Index>> gold,
                                           const TopkLists& lists) {
  need_terms();
  return find_gold_ranks(queries, target_, terms_, gold, lists);
}

void BlockRanker::need_terms() {
  if (options_.retrieval == Retrieval::csls && terms_.empty())
    terms_ = terms_of(target_, counting(source_, options_));
}

TopkLists BlockRanker::rank_all(ConstRows queries, int k) {
  need_terms();
  const std::vector<float> own = terms_of(make_row_blocks(queries), counting(target_, options_));
  return find_topk(queries, target_,
                   {.row_k = k, .row_terms = own, .column_terms = terms_, .isa = options_.isa});
}

bool BlockRanker::rank_few(ConstRows queries, int k, TopkLists& best) const {
  if (k >= kMaxTopk || options_.csls_vocab > 0 ||
      !few_queries(queries.rows(), source_.rows, target_.rows))
    return false;
  const std::vector<float> own = terms_of(make_row_blocks(queries), target_);
  const std::vector<float> bounds = term_bounds(terms_of(target_, first_rows(source_, kBoundRows)));
  const TopkLists candidates =
      find_topk(queries, target_,
                {.row_k = kMaxTopk, .row_terms = own, .column_terms = bounds, .isa = options_.isa});
  const std::vector<Index> members = members_of(candidates);
  Matrix rows(static_cast<Eigen::Index>(members.size()), target_.dimension);
  for (std::size_t i = 0; i < members.size(); ++i)
    target_.read(members[i], rows.middleRows(static_cast<Eigen::Index>(i), 1));
  const std::vector<float> terms = terms_of(make_row_blocks(rows), source_);
  best = find_topk(queries, rows,
                   {.row_k = k, .row_terms = own, .column_terms = terms, .isa = options_.isa})
             .rows;
  return settle(candidates, members, best);
}

}  // namespace xalign
