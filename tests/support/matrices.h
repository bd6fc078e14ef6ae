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

/// A d x d orthogonal matrix: d random reflections, one after the other.
inline Matrix random_rotation(Eigen::Index dimension, std::uint64_t seed) {
  const Matrix mirrors = random_matrix(dimension, dimension, seed);
  Eigen::MatrixXd rotation = Eigen::MatrixXd::Identity(dimension, dimension);
  for (Eigen::Index i = 0; i < dimension; ++i) {
    const Eigen::VectorXd v = mirrors.row(i).cast<double>().transpose().normalized();
    rotation -= 2 * v * (v.transpose() * rotation);
  }
  return rotation.cast<float>();
}

}  // namespace xalign::test
