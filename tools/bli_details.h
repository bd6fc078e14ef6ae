#pragma once

#include "output.h"

#include <xalign/bli_breakdown.h>
#include <xalign/cross_validation.h>
#include <xalign/reliability.h>
#include <xalign/significance.h>

#include <optional>
#include <string>
#include <vector>

namespace xalign::cli {

struct BliReport;

/// Two systems on the queries that both cover.
struct BliComparison {
  struct Row {
    Retrieval retrieval = Retrieval::nn;
    std::string metric;       ///< "p@1"
    std::size_t queries = 0;  ///< that both cover by this way of retrieval
    PairedComparison result;
  };
  std::string other;        ///< file
  std::size_t queries = 0;  ///< the most of any row
  std::vector<Row> rows;
};

/// What reports of lexicon induction show beside the scores, where it was asked for.
struct BliDetails {
  std::vector<BliBreakdown> breakdowns;
  std::vector<HubVictims> hubs;            ///< one per way of retrieval, or none
  std::optional<Reliability> reliability;  ///< of the reranker's probabilities
  std::optional<BliComparison> comparison;
  std::optional<CrossValidation> folds;
  std::string fold_method;
};

std::string details_text(const BliReport& report, const BliDetails& details);
/// Rows of the table that `bli_tsv` prints: retrieval, metric[detail], value and interval.
void add_details(Table& table, const BliReport& report, const BliDetails& details);
void add_details(Json& json, const BliReport& report, const BliDetails& details);

}  // namespace xalign::cli
