#pragma once

#include <xalign/lexicon.h>
#include <xalign/matrix.h>

#include <span>

namespace xalign {

/// The rows of the pairs, one pair a row, times the root of its weight: diag(w)^1/2 X_D and
/// diag(w)^1/2 Z_D of the equations. Rows and weights are scaled by powers of two, which is exact,
/// so that sums of squares neither overflow nor vanish.
struct TrainingRows {
  Matrix source;            // n x d_source
  Matrix target;            // n x d_target
  double source_scale = 1;  // what the rows given were multiplied with
  double target_scale = 1;
  double weight_scale = 1;  // an even power of two
};

/// Refuses no pairs, row numbers out of range and weights that are not positive.
/// @throws Error as linear_maps.h says
void validate_pairs(std::span<const WordPair> pairs, Eigen::Index source_rows,
                    Eigen::Index target_rows);

/// @throws Error(config) for a ridge that is not 0 or more
void validate_ridge(const char* option, double ridge);

/// @throws Error(data) when a map without a change of dimension is asked of different dimensions
void require_equal_dimensions(Eigen::Index source, Eigen::Index target);

/// @throws Error as linear_maps.h says
TrainingRows gather_training_rows(ConstRows source, ConstRows target,
                                  std::span<const WordPair> pairs);

}  // namespace xalign
