#include <xalign/csls.h>
#include <xalign/error.h>
#include <xalign/induction.h>

#include <algorithm>
#include <cmath>
#include <numeric>
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

std::vector<InducedPair> induce_lexicon(const Reranker& forward, Index sources,
                                        const Reranker* backward, float min_probability) {
  std::vector<Index> asked(static_cast<std::size_t>(sources));
  std::iota(asked.begin(), asked.end(), 0);
  const TopkLists best = forward.rank(asked, 1);
  std::vector<InducedPair> pairs;
  for (Eigen::Index i = 0; i < best.rows(); ++i)
    if (best.index(i, 0) >= 0 && best.score(i, 0) >= min_probability)
      pairs.push_back({static_cast<Index>(i), best.index(i, 0), best.score(i, 0)});
  if (backward == nullptr) return pairs;
  std::vector<Index> answers;
  for (const InducedPair& pair : pairs) answers.push_back(pair.target);
  std::sort(answers.begin(), answers.end());
  answers.erase(std::unique(answers.begin(), answers.end()), answers.end());
  const TopkLists back = backward->rank(answers, 1);
  std::erase_if(pairs, [&](const InducedPair& pair) {
    const auto place = std::lower_bound(answers.begin(), answers.end(), pair.target);
    return back.index(place - answers.begin(), 0) != pair.source;
  });
  return pairs;
}

}  // namespace xalign
