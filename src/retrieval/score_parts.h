#pragma once

#include <xalign/retrieval.h>

#include <vector>

namespace xalign {

/// Means of the first k scores of each list, or of as many as there are; 0 for none.
std::vector<float> row_means(const TopkLists& lists, int k);

/// r / -2: CSLS is 2 (c - r_source / 2 - r_target / 2).
std::vector<float> csls_terms(std::vector<float> means);

/// ScoreTerms::scale.
float score_scale(const RetrievalOptions& options);

/// ScoreTerms::source for any rows of the source language; empty but for csls.
std::vector<float> query_terms(ConstRows queries, ConstRows target,
                               const RetrievalOptions& options);

/// ScoreTerms::target for the rows of `target` alone; empty for nn. Terms over fewer source rows
/// (at least csls_k) are never smaller than those over more.
std::vector<float> target_terms(ConstRows source, ConstRows target,
                                const RetrievalOptions& options);

}  // namespace xalign
