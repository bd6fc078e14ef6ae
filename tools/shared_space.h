#pragma once

#include "session.h"

#include <xalign/bli.h>
#include <xalign/matrix.h>

#include <string>
#include <utility>
#include <vector>

namespace xalign::cli {

/// How far pairs of rows stand out in a space.
struct PairSignal {
  double nearness = 0;    ///< mean of the centred dot products of pairs, 1 = equal rows, 0 = chance
  double deviations = 0;  ///< the same in standard errors
};

/// @param source, target  row i of both is a pair; at least two
PairSignal measure_pairs(ConstRows source, ConstRows target);

using RowPairs = std::vector<std::pair<Index, Index>>;

/// The first translation of every covered query.
RowPairs pairs_of(const BliQueries& queries);

/// Row i of one with row i of the other.
RowPairs rows_in_order(Index count);

/// Warns that two files do not seem to share a space when the rows of pairs are no nearer to each
/// other than rows that are no pairs. Few pairs tell nothing.
/// @param source, target  unit rows
/// @param files  "en.vec, fr.vec"
void warn_if_unrelated(ConstRows source, ConstRows target, const RowPairs& pairs,
                       const std::string& files, Session& session);

}  // namespace xalign::cli
