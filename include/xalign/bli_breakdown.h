#pragma once

#include <xalign/bli.h>
#include <xalign/gold_io.h>

#include <string>
#include <vector>

namespace xalign {

/// Some of the covered queries, by their position in `BliQueries::covered`.
struct BliGroup {
  std::string name;
  std::vector<std::size_t> members;
};

/// A partition of the covered queries; empty groups are left out.
struct BliBreakdown {
  std::string name;
  std::vector<BliGroup> groups;
};

/// "frequency": by the rank of the source word in its file, "1-1000", "1001-5000", to 10,000,
/// 20,000, 50,000, 100,000 and beyond.
BliBreakdown group_by_frequency(const BliQueries& queries);

/// "identical": whether a gold target is spelt exactly like the source word.
BliBreakdown group_by_identity(const BliQueries& queries, const Vocabulary& source,
                               const Vocabulary& target);

/// "cognate": whether a gold target resembles the source word: edit similarity of their spelling
/// keys, which are transliterated, of 0.6 or more. Identical words are cognates, too.
BliBreakdown group_by_cognates(const BliQueries& queries, const Vocabulary& source,
                               const Vocabulary& target);

/// "pos": by a label of the source word, such as its part of speech, in order of appearance; words
/// without one are "(none)".
/// @param labels  with words; the first label of a word counts
BliBreakdown group_by_label(const BliQueries& queries, const Vocabulary& source,
                            const LabelSet& labels, CasePolicy policy = CasePolicy::exact);

struct BliGroupScore {
  std::vector<double> precision;  ///< one per k
  double mrr = 0;
};

/// Rates over the members of a group.
BliGroupScore score_group(const BliGroup& group, const BliRetrievalResult& scored,
                          const std::vector<int>& ks);

/// Wrong answers that are hubs: targets among the `k` best of unusually many source words.
struct HubVictims {
  double threshold = 0;       ///< mean + 2 standard deviations of the occurrences
  std::vector<Index> hubs;    ///< targets in more lists than that, most frequent first
  std::vector<Index> counts;  ///< in how many lists they are
  Index wrong = 0;            ///< covered queries whose best answer is not right
  Index victims = 0;          ///< those whose best answer is a hub
};

/// What both `evaluate_bli` and `find_hub_victims` need of all pairs, found together.
struct BliNeighbors {
  TopkLists nearest;                ///< the k of every source row by cosine
  std::vector<float> target_means;  ///< r of CSLS of all targets; empty unless csls scores
};

/// @param source, target  unit rows in the shared space
BliNeighbors find_bli_neighbors(ConstRows source, ConstRows target, const BliOptions& options,
                                int k = 10);

/// Of each way of retrieval; all source rows ask.
/// @param source, target  unit rows in the shared space
/// @param scored   results of `evaluate_bli` for the same rows
/// @param nearest  targets of every source row by cosine; with `k` or more of them the searches
///                 begin with what they promise
std::vector<HubVictims> find_hub_victims(ConstRows source, ConstRows target,
                                         const std::vector<BliRetrievalResult>& scored,
                                         const TopkLists& nearest, int k = 10,
                                         const std::string& isa = {});

}  // namespace xalign
