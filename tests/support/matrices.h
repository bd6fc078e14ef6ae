#pragma once

#include <xalign/matrix.h>
#include <xalign/random.h>

namespace xalign::test {

/// n x d standard normal numbers.
inline Matrix random_matrix(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  Random random(seed);
  Matrix matrix(rows, columns);
  for (Eigen::Index i = 0; i < matrix.size(); ++i)
    matrix.data()[i] = static_cast<float>(random.normal());
  return matrix;
}

inline Matrix random_unit_rows(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  Matrix matrix = random_matrix(rows, columns, seed);
  matrix.rowwise().normalize();
  return matrix;
}

}  // namespace xalign::test
