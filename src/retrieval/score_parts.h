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

// For few queries: candidates by an upper bound of the score, then exact scores of the candidates.

/// Source rows that bound the terms of all targets. More rows bound them better and cost more.
constexpr Eigen::Index kBoundRows = 2000;

/// Whether the pass over all pairs costs more than the two that replace it.
bool few_queries(Eigen::Index queries, Eigen::Index sources, Eigen::Index targets);

/// Upper bounds of terms, from those over the first source rows.
std::vector<float> term_bounds(std::vector<float> terms);

/// The different indices of the lists, ascending.
std::vector<Index> members_of(const TopkLists& lists);

/// Gives the lists over `members` their true indices. False if a row that is no candidate could
/// belong into a list: what is not a candidate cannot reach it when the bound of the last candidate
/// does not.
bool settle(const TopkLists& candidates, const std::vector<Index>& members, TopkLists& best);

}  // namespace xalign
