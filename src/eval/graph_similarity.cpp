#include "linalg/decompositions.h"

#include <xalign/error.h>
#include <xalign/graph_similarity.h>
#include <xalign/topk.h>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace xalign {
namespace {

/// How many values from the front make up this share of their sum.
std::size_t count_for(std::span<const double> values, double energy) {
  const double wanted = energy * std::accumulate(values.begin(), values.end(), 0.0);
  double sum = 0;
  std::size_t count = 0;
  while (count < values.size() && sum < wanted) sum += values[count++];
  return count;
}

}  // namespace

std::vector<double> laplacian_spectrum(ConstRows rows, int neighbors) {
  if (neighbors < 1)
    throw Error(ErrorKind::config, "neighbors", fmt::format("{}", neighbors), "a number from 1");
  if (rows.rows() == 0) return {};
  const TopkLists lists = find_topk(rows, rows, {.row_k = neighbors, .skip_same_index = true}).rows;
  MatrixD laplacian = MatrixD::Zero(rows.rows(), rows.rows());
  for (Eigen::Index i = 0; i < lists.rows(); ++i)
    for (Eigen::Index j = 0; j < lists.k() && lists.index(i, j) >= 0; ++j)
      laplacian(i, lists.index(i, j)) = laplacian(lists.index(i, j), i) = -1;
  laplacian.diagonal() = -laplacian.rowwise().sum();
  const VectorD values = symmetric_eigenvalues(laplacian, "graph Laplacian");
  std::vector<double> spectrum(values.begin(), values.end());
  std::ranges::reverse(spectrum);
  return spectrum;
}

double eigenvector_similarity(std::span<const double> a, std::span<const double> b, double energy) {
  const std::size_t count = std::min(count_for(a, energy), count_for(b, energy));
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

}  // namespace xalign
