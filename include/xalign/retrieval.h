#pragma once

#include <xalign/progress.h>
#include <xalign/topk.h>

#include <span>
#include <string_view>
#include <vector>

namespace xalign {

/// How candidates are scored, c the cosine:
enum class Retrieval {
  nn,    ///< c
  csls,  ///< 2 c - r_target(x) - r_source(z), r the mean of the k largest cosines (Conneau 2018)
  isf,   ///< inverted softmax exp(b c) / sum over sources exp(b c) (Smith 2017), as its logarithm
};

std::string_view to_string(Retrieval retrieval);
Retrieval parse_retrieval(std::string_view name);

struct RetrievalOptions {
  Retrieval retrieval = Retrieval::csls;
  int csls_k = 10;       ///< neighbours in r, 1 to kMaxTopk
  Index csls_vocab = 0;  ///< only the first N words of each side count as neighbours; 0 = all
  double isf_beta = 30;  ///< b, inverse temperature
  Progress progress = {};

  void validate() const;
};

/// A pair of matrices with unit rows in one space, prepared to rank targets for sources: the terms
/// that depend on the target alone are computed once (one pass over all pairs for csls and isf).
/// Keeps references to the rows.
class Ranker {
 public:
  Ranker(ConstRows source, ConstRows target, const RetrievalOptions& options = {});

  /// The k best targets of each query row, with their scores (isf: logarithms).
  /// @param queries  unit rows in the shared space, of the source language
  TopkLists rank(ConstRows queries, int k) const;

  /// For each query the rank (from 1) of the best of its gold targets among all targets.
  std::vector<Index> gold_ranks(ConstRows queries, std::span<const std::vector<Index>> gold) const;

 private:
  std::vector<float> row_terms(ConstRows queries) const;

  Eigen::Ref<const Matrix> source_;
  Eigen::Ref<const Matrix> target_;
  RetrievalOptions options_;
  float scale_ = 1;  // score = scale (c + column term + row term)
  std::vector<float> column_terms_;
};

/// Mean of the k largest cosines between each row of `rows` and the rows of `others` (r of CSLS).
std::vector<float> neighborhood_means(ConstRows rows, ConstRows others, int k,
                                      const Progress& progress = {});

}  // namespace xalign
