#pragma once

#include <xalign/lexicon.h>
#include <xalign/linear_maps.h>

#include <span>

namespace xalign {

/// Inverse temperature b of the inverted softmax (Smith 2017) that makes the training pairs most
/// likely: the maximum of sum_i [b c_ii - log sum_k exp(b c_ki)] over b in [1, 200], c the cosines
/// of mapped rows, k over the source words of the pairs. Of many pairs 2000, evenly spaced, count.
/// @param source, target  normalised rows, not mapped
double fit_isf_beta(ConstRows source, ConstRows target, const MapPair& maps,
                    std::span<const WordPair> pairs);

}  // namespace xalign
