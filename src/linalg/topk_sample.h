#pragma once

#include "linalg/topk_task.h"

namespace xalign {

/// Compares all rows of `side` with a sample of the rows of `others`, by int8 products alone, and
/// promises their lists what the lower bounds of the scores guarantee. A search that starts with
/// such floors needs about half of the exact scores.
///
/// @param skipped  how many pairs of one row may be left out
void promise_from_sample(const TopkKernels& kernels, const SearchSide& side,
                         const SearchSide& others, double per_unit, int skipped,
                         CandidateLists& lists);

}  // namespace xalign
