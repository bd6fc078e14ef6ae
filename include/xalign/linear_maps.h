#pragma once

#include <xalign/lexicon.h>
#include <xalign/matrix.h>

#include <span>

namespace xalign {

/// Maps of both sides into the shared space; rows are mapped as `rows * map`.
struct MapPair {
  Matrix source;  ///< d_source x c
  Matrix target;  ///< d_target x c
  int rank = 0;   ///< of the training rows; below min(d) the pairs leave directions undetermined
};

// X_D and Z_D are the rows of the pairs, one pair a row, and w their weights. A weight of 2 counts
// like the pair given twice. All functions here throw Error(config) without pairs and Error(data)
// for pairs outside the vocabularies, weights that are not positive, training rows that are not
// finite and training rows that are all zero.

/// Orthogonal Procrustes (Schoenemann 1966; Xing 2015): W = U V' with U S V' = svd(X_D' diag(w)
/// Z_D) minimises sum_i w_i |x_i W - z_i|^2 over orthogonal W. The target side stays as it is.
/// Always orthogonal; below full rank the directions that the pairs do not span are paired
/// arbitrarily.
/// @throws Error(data) when the dimensions differ
MapPair solve_procrustes(ConstRows source, ConstRows target, std::span<const WordPair> pairs);

struct MultistepOptions {
  double source_exponent = 0.5;  ///< p: source columns are weighted by S^p; 0 to 1
  double target_exponent = 0.5;  ///< q, likewise
  bool dewhiten = true;          ///< give each side its own covariance back
  double ridge = 0;              ///< rho: C + rho tr(C)/d I is whitened instead of C
  int dimensions = 0;            ///< c: keep the first c columns; 0 = all

  void validate() const;
};

/// The multi-step map (Artetxe 2018, AAAI): with C_x = X_D' diag(w) X_D, W_x = C_x^-1/2 (likewise
/// z) and U S V' = svd(W_x X_D' diag(w) Z_D W_z): A_x = W_x U_c S_c^p (U_c' W_x^-1 U_c), A_z = W_z
/// V_c S_c^q (V_c' W_z^-1 V_c), where U_c, S_c, V_c are the first c columns. p = q = 0 without
/// de-whitening is canonical correlation analysis (Faruqui 2014): A = W U_c.
/// Directions that the pairs do not span are left out: c is at most `rank`. Dimensions may differ.
MapPair solve_multistep(ConstRows source, ConstRows target, std::span<const WordPair> pairs,
                        const MultistepOptions& options = {});

/// Ridge regression: W = (C_x + lambda tr(C_x)/d I)^-1 X_D' diag(w) Z_D, with C_x = X_D' diag(w)
/// X_D (Mikolov 2013 for lambda = 0, then of least norm where C_x is singular). Dimensions may
/// differ. The target side stays as it is.
MapPair solve_ridge(ConstRows source, ConstRows target, std::span<const WordPair> pairs,
                    double lambda);

}  // namespace xalign
