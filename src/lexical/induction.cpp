#include <xalign/csls.h>
#include <xalign/error.h>
#include <xalign/induction.h>

#include <cmath>
#include <utility>

namespace xalign {
namespace {

/// The best target of every source row and, if needed, the best source row of every target.
TopkResult find_best(ConstRows source, ConstRows target, const InductionOptions& options) {
  const int column_k = options.mutual ? 1 : 0;
  if (options.retrieval.retrieval == Retrieval::csls && options.retrieval.csls_vocab == 0) {
    CslsResult csls = find_csls(source, target,
                                {.neighbors = options.retrieval.csls_k,
                                 .column_k = column_k,
                                 .isa = options.retrieval.isa,
                                 .progress = options.retrieval.progress});
    return {std::move(csls.rows), std::move(csls.columns)};
  }
  const ScoreTerms terms = score_terms(source, target, options.retrieval);
  TopkResult best = find_topk(source, target,
                              {.row_k = 1,
                               .column_k = column_k,
                               .row_terms = terms.source,
                               .column_terms = terms.target,
                               .isa = options.retrieval.isa,
                               .progress = options.retrieval.progress});
  best.rows.score *= terms.scale;
  return best;
}

}  // namespace

void InductionOptions::validate() const {
  retrieval.validate();
  if (std::isnan(min_score))
    throw Error(ErrorKind::config, "min_score", "not a number", "a number");
}

std::vector<InducedPair> induce_lexicon(ConstRows source, ConstRows target,
                                        const InductionOptions& options) {
  options.validate();
  const TopkResult best = find_best(source, target, options);
  std::vector<InducedPair> pairs;
  for (Eigen::Index i = 0; i < source.rows(); ++i) {
    const Index j = best.rows.index(i, 0);
    if (j < 0 || (options.mutual && best.columns.index(j, 0) != i)) continue;
    const float score = best.rows.score(i, 0);
    if (score >= options.min_score) pairs.push_back({static_cast<Index>(i), j, score});
  }
  return pairs;
}

}  // namespace xalign
