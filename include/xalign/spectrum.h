#pragma once

#include <xalign/matrix.h>

#include <vector>

namespace xalign {

/// The singular values of a matrix and what they say of it (Dubossarsky 2020).
struct Spectrum {
  std::vector<double> singular_values;  ///< largest first; min(n, d) of them
  double condition_number = 0;          ///< largest / smallest; infinite for a singular matrix
  double effective_rank = 0;  ///< exp(entropy of s / sum s) (Roy 2007): directions in real use
  double effective_condition_number = 0;  ///< s_1 / s_r, r the effective rank, rounded
};

/// @throws Error(data) for an empty matrix or values that are not finite
Spectrum measure_spectrum(ConstRows rows);

/// How many singular values are above 1e-6 of the largest, below which they are rounding noise.
Eigen::Index measured_rank(const Spectrum& spectrum);

/// Singular value gap: sum_i (log s_i - log t_i)^2 over the singular values of two spaces, each
/// brought to an equal sum of squares per value first, so that longer vectors or more words make no
/// gap. Rounding noise (see measured_rank) is a value of 0: infinite against one that is none, and
/// left out where both are. Of spectra of unequal length the first values of the longer are taken.
/// 0 = the spaces stretch their directions alike, as isometric spaces must.
double singular_value_gap(const Spectrum& source, const Spectrum& target);

/// ||W' W - I||_F: 0 for a map that keeps all lengths and angles. W is d x c, rows * W; where it
/// reduces the dimension (c < d), 0 means that its columns are orthonormal.
double orthogonality_deviation(ConstRows map);

}  // namespace xalign
