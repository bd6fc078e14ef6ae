#pragma once

#include <xalign/normalize.h>

#include <span>

namespace xalign {

/// Applies fitted operations one after the other to a block of rows; single-threaded.
/// @param groups  of these rows
void apply_operations(std::span<const Normalizer::Operation> operations, Rows rows,
                      const RowGroups& groups);

/// Rows to length 1; returns the number of zero rows. Single-threaded.
Index normalize_block(Rows rows);

/// @return whether the values of an operation have a shape that it can work with
bool has_sound_shape(const Normalizer::Operation& operation);

}  // namespace xalign
