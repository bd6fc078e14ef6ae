#include "core/parallel_for.h"
#include "eval/moments.h"

#include <xalign/error.h>
#include <xalign/isotropy.h>

#include <cmath>
#include <limits>
#include <vector>

namespace xalign {
namespace {

constexpr std::size_t kBlockRows = 512;

void require_rows(ConstRows rows) {
  if (rows.size() == 0) throw Error(ErrorKind::data, "isotropy", "no vectors", "at least one");
  if (!rows.allFinite())
    throw Error(ErrorKind::data, "isotropy", "a vector with values that are not finite",
                "finite numbers", "remove the vector");
}

/// log sum exp of many values for each of many columns at once.
struct LogSums {
  Eigen::ArrayXd largest, sum;  // sum exp(value - largest)

  explicit LogSums(Eigen::Index columns)
      : largest(Eigen::ArrayXd::Constant(columns, -std::numeric_limits<double>::infinity())),
        sum(Eigen::ArrayXd::Zero(columns)) {}

  void add(const Eigen::ArrayXd& values, const Eigen::ArrayXd& weights) {
    const Eigen::ArrayXd next = largest.max(values);
    sum = sum * (largest - next).exp() + weights * (values - next).exp();
    largest = next;
  }
  Eigen::ArrayXd logarithm() const { return largest + sum.log(); }
};

}  // namespace

double score_isoscore(ConstRows rows) {
  require_rows(rows);
  const auto d = static_cast<double>(rows.cols());
  if (d == 1) return 1;
  const VectorD variances = symmetric_eigen(moments_of(rows).covariance, "isotropy").values;
  const double length = variances.norm();
  if (!(length > 0)) return 0;
  const VectorD scaled = variances * (std::sqrt(d) / length);
  const double spread = d - std::sqrt(d);
  const double defect = (scaled.array() - 1).matrix().norm() / std::sqrt(2 * spread);
  const double used = d - defect * defect * spread;
  return (used * used / d - 1) / (d - 1);
}

double score_partition(ConstRows rows) {
  require_rows(rows);
  const MatrixD axes = symmetric_eigen(exact_cross_product(rows, rows), "isotropy").vectors;
  const Blocks blocks{static_cast<std::size_t>(rows.rows()), kBlockRows};
  std::vector<LogSums> parts(blocks.count(), LogSums(2 * rows.cols()));
  parallel_for(blocks.count(), [&](std::size_t b) {
    const MatrixD block = rows.middleRows(static_cast<Eigen::Index>(blocks.begin(b)),
                                          static_cast<Eigen::Index>(blocks.length(b)))
                              .cast<double>();
    const MatrixD along = block * axes;
    Eigen::ArrayXd both(2 * along.cols());
    for (Eigen::Index i = 0; i < along.rows(); ++i) {
      both << along.row(i).transpose(), -along.row(i).transpose();
      parts[b].add(both, Eigen::ArrayXd::Ones(both.size()));
    }
  });
  LogSums all(2 * rows.cols());
  for (const LogSums& part : parts) all.add(part.largest, part.sum);
  const Eigen::ArrayXd logarithms = all.logarithm();
  return std::exp(logarithms.minCoeff() - logarithms.maxCoeff());
}

double mean_cosine(ConstRows rows) {
  require_rows(rows);
  Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(rows.cols());
  double own = 0;
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    const Eigen::RowVectorXd row = rows.row(i).cast<double>();
    const double length = row.norm();
    if (!(length > 0)) continue;
    sum += row / length;
    ++own;
  }
  const auto n = static_cast<double>(rows.rows());
  return n < 2 ? 0 : (sum.squaredNorm() - own) / (n * (n - 1));
}

}  // namespace xalign
