#include "eval/moments.h"

#include "core/parallel_for.h"

#include <algorithm>

namespace xalign {
namespace {

constexpr std::size_t kBlockRows = 512;
constexpr std::size_t kTileColumns = 32;

/// (a - mean_a)' (b - mean_b).
MatrixD centered_product(ConstRows a, const Eigen::RowVectorXd& mean_a, ConstRows b,
                         const Eigen::RowVectorXd& mean_b) {
  MatrixD product = MatrixD::Zero(a.cols(), b.cols());
  const Blocks tiles{static_cast<std::size_t>(a.cols()), kTileColumns};
  const Blocks blocks{static_cast<std::size_t>(a.rows()), kBlockRows};
  parallel_for(tiles.count(), [&](std::size_t t) {
    const auto column = static_cast<Eigen::Index>(tiles.begin(t));
    const auto columns = static_cast<Eigen::Index>(tiles.length(t));
    auto part = product.middleRows(column, columns);
    for (std::size_t i = 0; i < blocks.count(); ++i) {
      const auto begin = static_cast<Eigen::Index>(blocks.begin(i));
      const auto length = static_cast<Eigen::Index>(blocks.length(i));
      const MatrixD left = a.block(begin, column, length, columns).cast<double>().rowwise() -
                           mean_a.segment(column, columns);
      const MatrixD right = b.middleRows(begin, length).cast<double>().rowwise() - mean_b;
      part.noalias() += left.transpose() * right;
    }
  });
  return product;
}

double count_of(ConstRows rows) {
  return static_cast<double>(std::max<Eigen::Index>(rows.rows(), 1));
}

}  // namespace

MatrixD exact_cross_product(ConstRows a, ConstRows b) {
  return centered_product(a, Eigen::RowVectorXd::Zero(a.cols()), b,
                          Eigen::RowVectorXd::Zero(b.cols()));
}

Eigen::RowVectorXd mean_row(ConstRows rows) {
  Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(rows.cols());
  for (Eigen::Index i = 0; i < rows.rows(); ++i) sum += rows.row(i).cast<double>();
  return sum / count_of(rows);
}

Moments moments_of(ConstRows rows) {
  const Eigen::RowVectorXd mean = mean_row(rows);
  return {mean, centered_product(rows, mean, rows, mean) / count_of(rows)};
}

MatrixD cross_covariance(ConstRows a, ConstRows b) {
  return centered_product(a, mean_row(a), b, mean_row(b)) / count_of(a);
}

}  // namespace xalign
