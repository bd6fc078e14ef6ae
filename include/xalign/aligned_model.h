#pragma once

#include <xalign/mapping.h>
#include <xalign/progress.h>

#include <string>

namespace xalign {

/// What becomes of the vectors of a subword model when its rows are mapped instead of its words. A
/// word's vector is a mean of rows, and a mean commutes with affine maps, but not with bringing
/// vectors to length 1.
enum class ModelFit {
  exact,       ///< every vector is the one that mapping after look-up gives
  directions,  ///< directions (cosines) are the same, lengths are not
  none,        ///< a length is set before a mean is removed: no model can hold that
};

ModelFit find_model_fit(const SideMap& side);

/// Writes a fastText model whose vectors, of words seen or not, are mapped. The output layer is
/// copied as it is: the file answers for vectors, it cannot be trained on.
/// @param model  path of a fastText model
/// @throws Error(config) for a mapping of fit `none` or one that changes the dimension,
/// Error(data),
///         Error(io)
void write_aligned_model(const SideMap& side, const std::string& model, const std::string& output,
                         const Progress& progress = {});

}  // namespace xalign
