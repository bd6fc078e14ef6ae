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
  TopkResult neighbors;             ///< longer lists by cosine that all this was found in
  Index searched_again = 0;         ///< rows and columns whose lists did not suffice
};

/// Finds the best partners of all rows of both sides by CSLS (Conneau 2018),
///     2 cos(x, z) - r(x) - r(z), r the mean of the `neighbors` largest cosines with the other
///     side,
/// at about the cost of one pass over the n x m product: longer lists by cosine are ranked again.
/// Where a partner outside of the list could be among the best, the row is searched again.
///
/// Exact: the lists are those of `find_topk` with the terms -r / 2, their scores doubled.
///
/// @param source, target  unit rows in the shared space, n x d and m x d
/// @throws Error as find_topk
CslsResult find_csls(ConstRows source, ConstRows target, const CslsOptions& options = {});

}  // namespace xalign
