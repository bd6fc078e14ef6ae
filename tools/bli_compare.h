#pragma once

#include "bli_details.h"
#include "space_input.h"

#include <string>
#include <vector>

namespace xalign::cli {

/// The ranks of the best gold targets that another system gave to the same queries: of each way of
/// retrieval, 0 where it does not tell.
struct OtherRanks {
  std::string name;
  std::vector<std::vector<Index>> ranks;
};

/// What `--per-word` wrote, as text.
struct RankTable {
  std::string name;
  std::string text;
};

/// @throws Error(data) when it is no such table, Error(io)
RankTable read_rank_table(const std::string& path);

/// The ranks that a table holds of the queries.
/// @throws Error(data) for a damaged line
OtherRanks find_other_ranks(const RankTable& table, const BliQueries& queries,
                            const Vocabulary& source, const std::vector<Retrieval>& retrievals);

/// The same of a result for the same queries.
OtherRanks ranks_of(const std::string& name, const BliResult& result);

/// @throws Error(data) when no query has ranks on both sides
BliComparison compare_bli(const BliResult& result, const OtherRanks& other,
                          const std::vector<int>& ks, std::uint64_t seed);

}  // namespace xalign::cli
