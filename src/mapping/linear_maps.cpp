#include "linalg/decompositions.h"
#include "mapping/training_rows.h"

#include <xalign/error.h>
#include <xalign/linear_maps.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

// Covariances are sums of float32 products: what is smaller than this share of the largest
// eigenvalue is rounding noise, and its inverse would be noise made large.
constexpr double kTolerance = 1e-6;

Matrix to_float(const MatrixD& map, std::string_view where) {
  Matrix rounded = map.cast<float>();
  if (!rounded.allFinite())
    throw Error(ErrorKind::numeric, where, "a map out of the range of float32",
                "vectors of similar length in both languages", "normalise them");
  return rounded;
}

double mean_diagonal(const MatrixD& covariance) {
  return covariance.trace() / static_cast<double>(covariance.rows());
}

/// C = V diag(values) V' of one side, which makes W = C^-1/2.
PositiveEigen eigen_of(const Matrix& rows, double ridge) {
  const MatrixD covariance = cross_product(rows, rows);
  return positive_eigen(covariance, ridge * mean_diagonal(covariance), kTolerance, "multistep");
}

/// The diagonal of W in the coordinates of the eigenvectors.
VectorD inverse_roots(const PositiveEigen& c) {
  return c.values.cwiseSqrt().cwiseInverse();
}

/// A = W U S^p (U' W^-1 U), or W U S^p. All in the coordinates V' of the eigenvectors of C.
/// @param directions  V' U
MatrixD multistep_side(const PositiveEigen& c, const MatrixD& directions, const VectorD& gains,
                       bool dewhiten) {
  const MatrixD whitened = inverse_roots(c).asDiagonal() * directions * gains.asDiagonal();
  if (!dewhiten) return c.vectors * whitened;
  const MatrixD back = directions.transpose() * (c.values.cwiseSqrt().asDiagonal() * directions);
  return c.vectors * (whitened * back);
}

void check_exponent(const char* name, double exponent) {
  if (!(exponent >= 0 && exponent <= 1))
    throw Error(ErrorKind::config, name, fmt::format("{}", exponent), "0 to 1");
}

}  // namespace

MapPair solve_procrustes(ConstRows source, ConstRows target, std::span<const WordPair> pairs) {
  require_equal_dimensions(source.cols(), target.cols());
  const TrainingRows training = gather_training_rows(source, target, pairs);
  const Svd decomposition = svd(cross_product(training.source, training.target), "procrustes");
  return {to_float(decomposition.u * decomposition.v.transpose(), "procrustes"),
          Matrix::Identity(target.cols(), target.cols()), decomposition.rank(kTolerance)};
}

void MultistepOptions::validate() const {
  check_exponent("source_exponent", source_exponent);
  check_exponent("target_exponent", target_exponent);
  validate_ridge("ridge", ridge);
  if (dimensions < 0)
    throw Error(ErrorKind::config, "dimensions", fmt::format("{}", dimensions), "0 or more");
}

MapPair solve_multistep(ConstRows source, ConstRows target, std::span<const WordPair> pairs,
                        const MultistepOptions& options) {
  options.validate();
  const TrainingRows training = gather_training_rows(source, target, pairs);
  const PositiveEigen source_c = eigen_of(training.source, options.ridge);
  const PositiveEigen target_c = eigen_of(training.target, options.ridge);
  const MatrixD cross = cross_product(training.source, training.target);
  // U S V' of W_x C_xz W_z, in the coordinates of the eigenvectors of both sides.
  const Svd correlation = svd(inverse_roots(source_c).asDiagonal() *
                                  (source_c.vectors.transpose() * cross * target_c.vectors) *
                                  inverse_roots(target_c).asDiagonal(),
                              "multistep");

  const int rank = std::min(source_c.rank, target_c.rank);
  const int columns = options.dimensions > 0 ? std::min(options.dimensions, rank) : rank;
  const auto side = [&](const PositiveEigen& c, const MatrixD& directions, double exponent,
                        double row_scale) {
    const VectorD gains = correlation.s.head(columns).array().pow(exponent);
    // De-whitening undoes the scale of the training rows; without it the scale is still in W.
    const double scale = options.dewhiten ? 1 : row_scale * std::sqrt(training.weight_scale);
    return to_float(
        scale * multistep_side(c, directions.leftCols(columns), gains, options.dewhiten),
        "multistep");
  };
  return {side(source_c, correlation.u, options.source_exponent, training.source_scale),
          side(target_c, correlation.v, options.target_exponent, training.target_scale), rank};
}

MapPair solve_ridge(ConstRows source, ConstRows target, std::span<const WordPair> pairs,
                    double lambda) {
  validate_ridge("lambda", lambda);
  const TrainingRows training = gather_training_rows(source, target, pairs);
  const MatrixD covariance = cross_product(training.source, training.source);
  const MatrixD cross = cross_product(training.source, training.target);
  const SymmetricSolution solution =
      solve_symmetric(covariance, lambda * mean_diagonal(covariance), cross, kTolerance, "ridge");
  const double scale = training.source_scale / training.target_scale;
  return {to_float(scale * solution.x, "ridge"), Matrix::Identity(target.cols(), target.cols()),
          solution.rank};
}

}  // namespace xalign
