#include <xalign/error.h>
#include <xalign/induction.h>

#include <cmath>

namespace xalign {

void InductionOptions::validate() const {
  retrieval.validate();
  if (std::isnan(min_score))
    throw Error(ErrorKind::config, "--min-score", "not a number", "a number");
}

std::vector<InducedPair> induce_lexicon(ConstRows source, ConstRows target,
                                        const InductionOptions& options) {
  options.validate();
  const ScoreTerms terms = score_terms(source, target, options.retrieval);
  const TopkResult best = find_topk(source, target,
                                    {.row_k = 1,
                                     .column_k = options.mutual ? 1 : 0,
                                     .row_terms = terms.source,
                                     .column_terms = terms.target,
                                     .isa = options.retrieval.isa,
                                     .progress = options.retrieval.progress});
  std::vector<InducedPair> pairs;
  for (Eigen::Index i = 0; i < source.rows(); ++i) {
    const Index j = best.rows.index(i, 0);
    if (j < 0 || (options.mutual && best.columns.index(j, 0) != i)) continue;
    const float score = best.rows.score(i, 0) * terms.scale;
    if (score >= options.min_score) pairs.push_back({static_cast<Index>(i), j, score});
  }
  return pairs;
}

}  // namespace xalign
