#pragma once

#include <xalign/matrix.h>

#include <span>
#include <vector>

namespace xalign {

/// Eigenvalues, largest first, of the Laplacian D - A of the graph that joins every row with its
/// `neighbors` nearest by cosine (an edge counts once, whichever end found the other). All n
/// values: takes n^3 operations, about 1 s for n = 1,000.
/// @param rows  unit rows, n x d
/// @throws Error(config) for neighbors below 1 or above kMaxTopk
std::vector<double> laplacian_spectrum(ConstRows rows, int neighbors = 10);

/// Eigenvector similarity (Soegaard 2018) of two such spectra: sum_{i <= k} (a_i - b_i)^2, k the
/// smaller of the numbers of eigenvalues that make up `energy` of each sum, largest first. 0 = the
/// graphs cannot be told apart by their spectra, as graphs of isometric spaces; grows with the
/// number of rows, so compare values of equal numbers only.
double eigenvector_similarity(std::span<const double> a, std::span<const double> b,
                              double energy = 0.9);

}  // namespace xalign
