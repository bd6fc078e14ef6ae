#pragma once

#include "mapping/listwise_model.h"

#include <xalign/csls.h>
#include <xalign/spelling.h>

#include <array>
#include <string_view>

namespace xalign {

/// What a candidate is judged by (pair_confidence.h), in this order.
constexpr std::array<std::string_view, 16> kPairFeatures{
    "cosine",      "candidate r",    "log rank", "margin",      "backward gap", "log backward",
    "log freq",    "log freq ratio", "edit",     "bigram dice", "trigram dice", "prefix",
    "long prefix", "length",         "equal",    "digits"};

/// One direction: queries with their lists, and the lists of the candidates back.
struct PairLists {
  const TopkLists& forward;  // by CSLS
  const TopkLists& backward;
  const std::vector<float>& query_r;
  const std::vector<float>& candidate_r;
  const SpellingTable& query_keys;
  const SpellingTable& candidate_keys;
};

/// Writes the eight numbers of a comparison, in their order. Returns the end.
float* append_spelling(const SpellingSimilarity& spelling, float* out);

/// Features of all candidates of all queries.
CandidateFeatures pair_features(const PairLists& lists);

}  // namespace xalign
