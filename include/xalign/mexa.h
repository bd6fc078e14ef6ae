#pragma once

#include <xalign/matrix.h>

namespace xalign {

/// MEXA (Kargaran 2024): the share of pairs i whose cosine is larger than that of any other pairing
/// of either of the two, c_ii > max over j of c_ij and of c_ji. 1 = every row finds its translation
/// in both directions; 1/n or so = by chance. It falls as n grows: give n with it.
/// @param source, target  unit rows of a shared space, pair i in row i of both
/// @throws Error(data) for different shapes
double score_mexa(ConstRows source, ConstRows target);

}  // namespace xalign
