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

/// A line of what `--per-word` wrote.
struct RankRecord {
  std::string source;
  std::string retrieval;
  Index rank = 0;
};
struct RankTable {
  std::string name;
  std::vector<RankRecord> records;
};

/// @throws Error(data) when it is no such table, or for a damaged line; Error(io)
RankTable read_rank_table(const std::string& path);

/// The ranks that a table holds of the queries.
OtherRanks find_other_ranks(const RankTable& table, const BliQueries& queries,
                            const Vocabulary& source, const std::vector<Retrieval>& retrievals);

/// The same of a result for the same queries.
OtherRanks ranks_of(const std::string& name, const BliResult& result);

/// @throws Error(data) when no query has ranks on both sides
BliComparison compare_bli(const BliResult& result, const OtherRanks& other,
                          const std::vector<int>& ks, std::uint64_t seed);

}  // namespace xalign::cli
