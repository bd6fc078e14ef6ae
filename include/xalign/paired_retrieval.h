#pragma once

#include <xalign/margin.h>
#include <xalign/retrieval.h>

#include <vector>

namespace xalign {

struct PairedRetrievalOptions {
  std::vector<int> ks = {1, 5, 10};  ///< recall at each, 1 to kMaxTopk, ascending
  std::vector<Retrieval> retrievals = {Retrieval::nn, Retrieval::csls};
  RetrievalOptions retrieval = {};  ///< its `retrieval` is ignored
  int margin_neighbors = 4;         ///< k of the margins

  void validate() const;
};

/// Rates from 0 to 1. Every query has one right answer, so that recall at 1 is precision at 1.
struct PairedScore {
  Retrieval retrieval = Retrieval::nn;
  std::vector<double> recall;  ///< one per k
  double mrr = 0;              ///< mean of 1 / rank
  double ndcg = 0;             ///< mean of 1 / log2(1 + rank) up to the largest k, 0 beyond
  std::vector<Index> ranks;    ///< per row, from 1
};

/// Similarity-search error (xsim, Artetxe and Schwenk 2019; Heffernan 2022): the share of rows
/// whose best partner by a margin is not theirs.
struct XsimErrors {
  double absolute = 0;
  double distance = 0;
  double ratio = 0;
};

struct PairedDirection {
  std::vector<PairedScore> scores;  ///< one per way of retrieval
  XsimErrors xsim;
};

struct PairedRetrievalResult {
  PairedDirection forward;   ///< source to target
  PairedDirection backward;  ///< target to source
};

/// Scores retrieval where row i of one side belongs to row i of the other: sentences and their
/// translations, or images and captions.
/// @param source, target  n x d, unit rows
/// @throws Error(data) for different shapes or no rows
PairedRetrievalResult evaluate_paired_retrieval(ConstRows source, ConstRows target,
                                                const PairedRetrievalOptions& options = {});

}  // namespace xalign
