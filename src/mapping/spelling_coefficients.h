#pragma once

#include "linalg/decompositions.h"

namespace xalign {

/// Coefficients of the features of pair_features.h where there are no seeds to fit them on.
/// @param spread  of the features in the lists at hand: the shipped ones are for a spread of 1
VectorD default_pair_coefficients(const VectorD& spread);

}  // namespace xalign
