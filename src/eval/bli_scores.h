#pragma once

#include <xalign/bli.h>

namespace xalign {

/// Fills in precision and MRR from `ranks`.
void score_ranks(BliRetrievalResult& scored, const BliQueries& queries, const BliOptions& options);

}  // namespace xalign
