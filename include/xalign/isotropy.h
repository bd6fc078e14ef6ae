#pragma once

#include <xalign/matrix.h>

namespace xalign {

// How evenly rows use the directions of their space. All throw Error(data) without rows and for
// rows that are not finite.

/// IsoScore (Rudman 2022): with l the variances along the d principal axes, scaled to length
/// sqrt(d), and the defect e = |l - 1| / sqrt(2 (d - sqrt(d))),
///     ((d - e^2 (d - sqrt(d)))^2 / d - 1) / (d - 1).
/// 1 = the same variance in all directions, 0 = in one alone; about the share of dimensions in use.
/// Does not depend on the mean, on rotation or on scale.
double score_isoscore(ConstRows rows);

/// Partition score (Mu 2018): min Z(c) / max Z(c), Z(c) = sum_i exp(x_i . c), c the eigenvectors of
/// X' X, of either sign. 1 = isotropic; near 0 = a few directions rule. Depends on the mean and on
/// the length of the rows, so take them as they are used.
double score_partition(ConstRows rows);

/// Mean cosine of two different rows (Ethayarajh 2019), exactly, in linear time. 0 = rows point
/// everywhere, 1 = all into one direction. Zero rows count with cosine 0.
double mean_cosine(ConstRows rows);

}  // namespace xalign
