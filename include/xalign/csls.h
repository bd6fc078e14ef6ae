#pragma once

#include <xalign/progress.h>
#include <xalign/topk.h>

#include <string>
#include <vector>

namespace xalign {

struct CslsOptions {
  int neighbors = 10;  ///< k of r, 1 to kMaxTopk
  int row_k = 1;       ///< best targets kept for every source row, 0 to kMaxTopk
  int column_k = 1;    ///< best source rows kept for every target, 0 to kMaxTopk
  const TopkResult* warm_start = nullptr;  ///< CslsResult::neighbors of a similar call
  std::string isa = {};                    ///< as in TopkOptions
  Progress progress = {};

  void validate() const;
};

struct CslsResult {
  std::vector<float> source_means;  ///< r of every source row, n values
  std::vector<float> target_means;  ///< r of every target row, m values
  TopkLists rows;                   ///< n x row_k, scores are CSLS
  TopkLists columns;                ///< m x column_k
  TopkResult neighbors;             ///< by cosine, of either side as many as r or the lists need
};

/// Finds the best partners of all rows of both sides by CSLS (Conneau 2018),
///     2 cos(x, z) - r(x) - r(z), r the mean of the `neighbors` largest cosines with the other
///     side,
/// in two passes over the n x m product (docs/performance.md): the second pass begins with what the
/// lists of the first one promise.
///
/// Exact: the lists are those of `find_topk` with the terms -r / 2, their scores doubled.
///
/// @param source, target  unit rows in the shared space, n x d and m x d
/// @throws Error as find_topk
CslsResult find_csls(ConstRows source, ConstRows target, const CslsOptions& options = {});

}  // namespace xalign
