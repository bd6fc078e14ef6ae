#include "retrieval/score_parts.h"

#include <xalign/csls.h>
#include <xalign/error.h>

#include <algorithm>
#include <string>
#include <utility>

namespace xalign {

void CslsOptions::validate() const {
  if (neighbors < 1 || neighbors > kMaxTopk)
    throw Error(ErrorKind::config, "neighbors", std::to_string(neighbors),
                "a number from 1 to " + std::to_string(kMaxTopk));
  TopkOptions{.row_k = row_k, .column_k = column_k, .isa = isa}.validate();
}

CslsResult find_csls(ConstRows source, ConstRows target, const CslsOptions& options) {
  options.validate();
  CslsResult result;
  // Lists as long as those that are looked for let the second search begin with good floors.
  result.neighbors = find_topk(source, target,
                               {.row_k = std::max(options.neighbors, options.row_k),
                                .column_k = std::max(options.neighbors, options.column_k),
                                .warm_start = options.warm_start,
                                .isa = options.isa,
                                .progress = options.progress});
  result.source_means = row_means(result.neighbors.rows, options.neighbors);
  result.target_means = row_means(result.neighbors.columns, options.neighbors);
  const auto source_terms = csls_terms(result.source_means);
  const auto target_terms = csls_terms(result.target_means);
  TopkResult best = find_topk(source, target,
                              {.row_k = options.row_k,
                               .column_k = options.column_k,
                               .row_terms = source_terms,
                               .column_terms = target_terms,
                               .warm_start = &result.neighbors,
                               .isa = options.isa,
                               .progress = options.progress});
  result.rows = std::move(best.rows);
  result.columns = std::move(best.columns);
  result.rows.score *= 2;
  result.columns.score *= 2;
  return result;
}

}  // namespace xalign
