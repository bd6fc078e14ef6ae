#pragma once

#include <xalign/matrix.h>

namespace xalign {

// How alike two representations of the same n things are, one thing a row in both; none of them
// needs a shared space, and dimensions may differ. Columns are centered first. 1 = alike. All throw
// Error(data) for unequal numbers of rows, fewer than two, or values that are not finite.

/// Relational similarity (Vulic 2020): Pearson's correlation, over all pairs of rows i < j, of the
/// cosine of i and j in one language and in the other. The columns are *not* centered here. Exact
/// in linear time. From -1 to 1; NaN where no correlation is defined: two rows have but one cosine,
/// and the cosines of one side may all be equal.
double relational_similarity(ConstRows source, ConstRows target);

/// Linear centered kernel alignment (Kornblith 2019): |Y' X|_F^2 / (|X' X|_F |Y' Y|_F). Keeps to
/// rotation and to overall scale only, unlike canonical correlation.
double linear_cka(ConstRows source, ConstRows target);

/// SVCCA (Raghu 2017): both sides are projected on the principal directions that hold `variance` of
/// their variance; the mean of the canonical correlations between the projections. Near 1 for
/// anything when there are hardly more rows than dimensions.
double svcca(ConstRows source, ConstRows target, double variance = 0.99);

/// Projection-weighted canonical correlation (Morcos 2018): the canonical correlations r_i weighted
/// by how much of the source they account for, a_i = sum_j |h_i . x_j|, h_i the i-th canonical
/// variable of the source and x_j its columns. Not symmetric.
double projection_weighted_cca(ConstRows source, ConstRows target);

}  // namespace xalign
