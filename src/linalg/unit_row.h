#pragma once

#include <xalign/matrix.h>

namespace xalign {

/// Brings a row to length 1, in double precision: the same bits on every machine. A row of zeros
/// stays, and one that is not finite. Returns the length that it had.
double make_unit(float* row, Eigen::Index dimension);

}  // namespace xalign
