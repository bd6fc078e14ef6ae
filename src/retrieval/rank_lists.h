#pragma once

#include <xalign/topk.h>

#include <span>
#include <string>

namespace xalign {

/// Unit rows that look for partners, and what is added to the cosines: values of each row or none.
struct Direction {
  ConstRows rows;
  ConstRows partners;
  std::span<const float> row_terms = {};
  std::span<const float> partner_terms = {};
};

/// Lists of this length hold the k best of nearly all rows of real vectors, terms of CSLS added.
int nearest_count(int k);

/// The k best partners of all rows with their terms, found in longer lists by cosine. Where a
/// partner outside of its list could be among the best, the row is searched again, among the
/// partners whose terms make that possible. Exact: the lists of `find_topk` with these terms.
/// @param lists  of the nearest partners without terms, at least k of each row
/// @param again  raised by the number of rows that were searched again
TopkLists rank_lists(const Direction& direction, const TopkLists& lists, int k,
                     const std::string& isa, Index& again);

}  // namespace xalign
