#pragma once

#include <xalign/progress.h>
#include <xalign/topk.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xalign {

/// How candidates are scored, c the cosine:
enum class Retrieval {
  nn,      ///< c
  csls,    ///< 2 c - r_target(x) - r_source(z), r the mean of the k largest cosines (Conneau 2018)
  isf,     ///< inverted softmax exp(b c) / sum over sources exp(b c) (Smith 2017), as its logarithm
  rerank,  ///< a probability of a Reranker (reranker.h): in results only, not in RetrievalOptions
};

std::string_view to_string(Retrieval retrieval);
Retrieval parse_retrieval(std::string_view name);

struct RetrievalOptions {
  Retrieval retrieval = Retrieval::csls;
  int csls_k = 10;       ///< neighbours in r, 1 to kMaxTopk
  Index csls_vocab = 0;  ///< only the first N words of each side count as neighbours; 0 = all
  double isf_beta = 30;  ///< b, inverse temperature
  std::string isa = {};  ///< instruction set to force, as in TopkOptions
  Progress progress = {};

  void validate() const;
};

/// Turns a cosine c of source row i and target row j into a score:
/// `scale * (c + source[i] + target[j])`. Empty terms are zeros.
struct ScoreTerms {
  float scale = 1;
  std::vector<float> source;  ///< n values
  std::vector<float> target;  ///< m values
};

/// The terms of a way of retrieval, for all rows of both sides (isf: of the target side). csls and
/// isf need one pass over all pairs; unit rows.
ScoreTerms score_terms(ConstRows source, ConstRows target, const RetrievalOptions& options = {});

/// r of CSLS: for each row the mean of its k largest cosines with the rows of `others`.
std::vector<float> neighborhood_means(ConstRows rows, ConstRows others, int k,
                                      const std::string& isa = {}, const Progress& progress = {});

/// Ranks the targets of any queries of the source language. What depends on the targets alone is
/// computed once, in the constructor. Refers to `source` and `target`, which must outlive it.
class Ranker {
 public:
  /// @param source, target  unit rows in the shared space
  Ranker(ConstRows source, ConstRows target, const RetrievalOptions& options = {});
  /// The same where r of CSLS of all targets is known.
  Ranker(ConstRows target, std::span<const float> target_means, const RetrievalOptions& options);

  /// The k best targets of each query row with their scores (isf: logarithms of probabilities).
  TopkLists rank(ConstRows queries, int k) const;

  /// For each query the rank, from 1, of the best of its gold targets among all targets.
  /// @param lists  what `rank` gave for the same queries
  std::vector<Index> gold_ranks(ConstRows queries, std::span<const std::vector<Index>> gold,
                                const TopkLists& lists) const;

  /// ScoreTerms::target; empty for nn.
  const std::vector<float>& target_terms() const { return terms_.target; }

 private:
  Eigen::Ref<const Matrix> target_;
  RetrievalOptions options_;
  ScoreTerms terms_;
};

/// `Ranker(source, target, options).rank(queries, k)` by the cheaper way: for few queries the
/// terms of CSLS are computed of the targets that can matter alone. The same lists either way.
TopkLists rank_queries(ConstRows queries, ConstRows source, ConstRows target, int k,
                       const RetrievalOptions& options = {});

}  // namespace xalign
