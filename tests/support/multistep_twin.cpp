#include "support/multistep_twin.h"

#include "support/matrices.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SVD>

namespace xalign::test {
namespace {

Eigen::MatrixXd gather(const Matrix& rows, std::span<const WordPair> pairs, bool source) {
  Eigen::MatrixXd gathered(static_cast<Eigen::Index>(pairs.size()), rows.cols());
  for (std::size_t i = 0; i < pairs.size(); ++i)
    gathered.row(static_cast<Eigen::Index>(i)) =
        rows.row(source ? pairs[i].source : pairs[i].target).cast<double>();
  return gathered;
}

Eigen::MatrixXd add_ridge(Eigen::MatrixXd covariance, double ridge) {
  const double mean = covariance.trace() / static_cast<double>(covariance.rows());
  covariance.diagonal().array() += ridge * mean;
  return covariance;
}

}  // namespace

TwinMaps multistep_twin(const Matrix& source, const Matrix& target, std::span<const WordPair> pairs,
                        const MultistepOptions& options) {
  const Eigen::MatrixXd x = gather(source, pairs, true), z = gather(target, pairs, false);
  Eigen::VectorXd weights(x.rows());
  for (std::size_t i = 0; i < pairs.size(); ++i)
    weights[static_cast<Eigen::Index>(i)] = static_cast<double>(pairs[i].weight);
  const Eigen::MatrixXd weighted_z = weights.asDiagonal() * z;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> cx(
      add_ridge(x.transpose() * weights.asDiagonal() * x, options.ridge));
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> cz(
      add_ridge(z.transpose() * weighted_z, options.ridge));
  const Eigen::MatrixXd wx = cx.operatorInverseSqrt(), wz = cz.operatorInverseSqrt();
  const Eigen::MatrixXd whitened = wx * x.transpose() * weighted_z * wz;
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(whitened, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Eigen::Index columns = options.dimensions > 0 ? options.dimensions : svd.matrixU().cols();
  const Eigen::MatrixXd u = svd.matrixU().leftCols(columns), v = svd.matrixV().leftCols(columns);
  const Eigen::ArrayXd s = svd.singularValues().head(columns).array();
  TwinMaps maps;
  maps.source = wx * u * s.pow(options.source_exponent).matrix().asDiagonal();
  maps.target = wz * v * s.pow(options.target_exponent).matrix().asDiagonal();
  if (options.dewhiten) {
    maps.source = (maps.source * (u.transpose() * cx.operatorSqrt() * u)).eval();
    maps.target = (maps.target * (v.transpose() * cz.operatorSqrt() * v)).eval();
  }
  return maps;
}

Matrix random_orthogonal(Eigen::Index dimension, std::uint64_t seed) {
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(
      random_matrix(dimension, dimension, seed).cast<double>());
  return Eigen::MatrixXd(qr.householderQ()).cast<float>();
}

}  // namespace xalign::test
