#include "linalg/unit_row.h"

#include <xalign/topk.h>

#include <cmath>

namespace xalign {

double make_unit(float* row, Eigen::Index dimension) {
  // In double the square of any float is a normal number.
  const double length = std::sqrt(exact_dot(row, row, dimension));
  if (!(length > 0)) return length;
  Eigen::Map<RowVector> values(row, dimension);
  values = (values.cast<double>() * (1 / length)).cast<float>();
  return length;
}

}  // namespace xalign
