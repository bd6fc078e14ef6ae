#pragma once

#include "linalg/product.h"

#include <string_view>

namespace xalign {

using VectorD = Eigen::VectorXd;

// Eigen's decompositions are slow to compile, so each is instantiated in decompositions.cpp alone.
// All of these throw Error(numeric) naming `where` when a value is not finite or the iteration does
// not converge.

/// a = u diag(s) v' with k = min(n, m) singular values, largest first.
struct Svd {
  MatrixD u;  // n x k
  VectorD s;
  MatrixD v;  // m x k

  /// Number of singular values above `tolerance` times the largest.
  int rank(double tolerance) const;
};
Svd svd(const MatrixD& a, std::string_view where);

/// c = vectors diag(values) vectors' for a symmetric c, smallest eigenvalue first.
struct SymmetricEigen {
  VectorD values;
  MatrixD vectors;  // d x d, one eigenvector a column
};
SymmetricEigen symmetric_eigen(const MatrixD& c, std::string_view where);

/// The eigenvalues alone, smallest first.
VectorD symmetric_eigenvalues(const MatrixD& c, std::string_view where);

/// The part of c + shift I that can be inverted, c positive semi-definite: vectors diag(values)
/// vectors'. Without a shift that are the eigenvectors whose eigenvalue is above `tolerance` times
/// the largest, with one all of them.
struct PositiveEigen {
  VectorD values;   // above 0, smallest first
  MatrixD vectors;  // d x as many as there are values
  int rank = 0;     // of c, not of c + shift I
};
PositiveEigen positive_eigen(const MatrixD& c, double shift, double tolerance,
                             std::string_view where);

/// Square root and inverse square root of c + shift I on its `positive_eigen`, zero on the rest.
struct SymmetricRoots {
  MatrixD root;
  MatrixD inverse_root;
  int rank = 0;  // of c, not of c + shift I
};
SymmetricRoots symmetric_roots(const MatrixD& c, double shift, double tolerance,
                               std::string_view where);

/// Solves (c + shift I) x = b, c positive semi-definite; without a shift, in the least squares and
/// least norm sense where c is singular.
struct SymmetricSolution {
  MatrixD x;
  int rank = 0;  // of c, not of c + shift I
};
SymmetricSolution solve_symmetric(const MatrixD& c, double shift, const MatrixD& b,
                                  double tolerance, std::string_view where);

}  // namespace xalign
