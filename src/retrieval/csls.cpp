#include "retrieval/rank_lists.h"
#include "retrieval/score_parts.h"

#include <xalign/csls.h>
#include <xalign/error.h>

#include <algorithm>
#include <string>

namespace xalign {
namespace {

int list_length(int neighbors, int k) {
  return std::max(neighbors, nearest_count(k));
}

}  // namespace

void CslsOptions::validate() const {
  if (neighbors < 1 || neighbors > kMaxTopk)
    throw Error(ErrorKind::config, "neighbors", std::to_string(neighbors),
                "a number from 1 to " + std::to_string(kMaxTopk));
  TopkOptions{.row_k = row_k, .column_k = column_k, .isa = isa}.validate();
}

CslsResult find_csls(ConstRows source, ConstRows target, const CslsOptions& options) {
  options.validate();
  CslsResult result;
  result.neighbors = find_topk(source, target,
                               {.row_k = list_length(options.neighbors, options.row_k),
                                .column_k = list_length(options.neighbors, options.column_k),
                                .warm_start = options.warm_start,
                                .isa = options.isa,
                                .progress = options.progress});
  result.source_means = row_means(result.neighbors.rows, options.neighbors);
  result.target_means = row_means(result.neighbors.columns, options.neighbors);
  const auto source_terms = csls_terms(result.source_means);
  const auto target_terms = csls_terms(result.target_means);
  result.rows = rank_lists({source, target, source_terms, target_terms}, result.neighbors.rows,
                           options.row_k, options.isa, result.searched_again);
  result.columns =
      rank_lists({target, source, target_terms, source_terms}, result.neighbors.columns,
                 options.column_k, options.isa, result.searched_again);
  result.rows.score *= 2;
  result.columns.score *= 2;
  return result;
}

}  // namespace xalign
