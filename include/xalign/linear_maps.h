#pragma once

#include <xalign/lexicon.h>
#include <xalign/matrix.h>

#include <span>

namespace xalign {

/// Maps of both sides into the shared space; rows are mapped as `rows * map`.
struct MapPair {
  Matrix source;  ///< d_source x c
  Matrix target;  ///< d_target x c
  int rank = 0;   ///< rank of the training rows that the solution rests on, at most min(d)
};

/// Orthogonal Procrustes (Schoenemann 1966; Xing 2015): W = U V' with U S V' = svd(X_D' diag(w)
/// Z_D) minimises ||X_D W - Z_D||_F over orthogonal W. The target side stays as it is.
/// @throws Error(data) when the dimensions differ, Error(config) without pairs
MapPair solve_procrustes(ConstRows source, ConstRows target, std::span<const WordPair> pairs);

struct MultistepOptions {
  double source_exponent = 0.5;  ///< p: source columns are weighted by S^p
  double target_exponent = 0.5;  ///< q
  bool dewhiten = true;          ///< give each side its own covariance back
  double ridge = 0;              ///< rho: C + rho tr(C)/d I is whitened instead of C
  int dimensions = 0;            ///< keep the first c columns; 0 = all

  void validate() const;
};

/// The multi-step map (Artetxe 2018, AAAI): with C_x = X_D' diag(w) X_D, W_x = C_x^-1/2 (likewise
/// z) and U S V' = svd((X_D W_x)' diag(w) (Z_D W_z)): A_x = W_x U S^p (U' W_x^-1 U), A_z = W_z V
/// S^q (V' W_z^-1 V). p = q = 0 without de-whitening is canonical correlation analysis (Faruqui
/// 2014). Directions that the pairs do not span are left out (`rank` tells). Dimensions may differ.
MapPair solve_multistep(ConstRows source, ConstRows target, std::span<const WordPair> pairs,
                        const MultistepOptions& options = {});

/// Ridge regression: W = (X_D' diag(w) X_D + lambda tr(C)/d I)^-1 X_D' diag(w) Z_D (Mikolov 2013
/// for lambda = 0). Dimensions may differ. The target side stays as it is.
MapPair solve_ridge(ConstRows source, ConstRows target, std::span<const WordPair> pairs,
                    double lambda);

}  // namespace xalign
