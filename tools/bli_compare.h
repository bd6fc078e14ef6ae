#pragma once

#include "bli_details.h"
#include "space_input.h"

#include <map>
#include <string>
#include <vector>

namespace xalign::cli {

/// The ranks of the best gold targets that another system gave to the same queries, by each way of
/// retrieval that it tells of: 0 for the queries that it does not answer.
struct OtherRanks {
  std::string name;
  std::map<Retrieval, std::vector<Index>> ranks;
};

/// A line of what `--per-word` wrote.
struct RankRecord {
  std::string source;
  Retrieval retrieval = Retrieval::nn;
  Index rank = 0;
};
struct RankTable {
  std::string name;
  std::vector<RankRecord> records;
};

/// Its first three columns are always the same; those of `position`, `candidate`, `score` and
/// `gold` may be absent, but what stands there must be whole and agree with the ranks.
/// @throws Error(data) when it is no such table, or for a damaged line; Error(io)
RankTable read_rank_table(const std::string& path);

/// The ranks that a table holds of the queries.
OtherRanks find_other_ranks(const RankTable& table, const BliQueries& queries,
                            const Vocabulary& source);

/// The same of a result for the same queries.
OtherRanks ranks_of(const std::string& name, const BliResult& result);

/// Those of the ways of retrieval that the other does not tell of.
/// @throws Error(data) when it tells of none
std::vector<Retrieval> find_missing(const OtherRanks& other, const std::vector<Retrieval>& asked);

/// Compares every way of retrieval that both tell of, on the queries that have ranks on both sides.
BliComparison compare_bli(const BliResult& result, const OtherRanks& other,
                          const std::vector<int>& ks, std::uint64_t seed);

}  // namespace xalign::cli
