#include "mapping/transport_plan.h"

#include "core/parallel_for.h"
#include "linalg/decompositions.h"

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

constexpr std::size_t kBlockRows = 64;
constexpr int kScalings = 10;
// The first words of a vocabulary come in no certain order.
constexpr double kRankOffset = 5;
// The share of the iterations over which the expectation of similar ranks fades away.
constexpr double kPriorShare = 0.7;
// Below this share of the largest eigenvalue a direction is noise.
constexpr double kNoise = 1e-6;

/// Calls body(first row, rows) for blocks of rows.
template <typename Body>
void for_blocks(Eigen::Index rows, const Body& body) {
  const Blocks blocks{static_cast<std::size_t>(rows), kBlockRows};
  parallel_for(blocks.count(), [&](std::size_t i) {
    body(static_cast<Eigen::Index>(blocks.begin(i)), static_cast<Eigen::Index>(blocks.length(i)),
         i);
  });
}

/// K = Y Y' without its diagonal and its mean, a product with it and no n x n matrix in between.
class Similarities {
 public:
  explicit Similarities(ConstRows rows)
      : rows_(even_rows(rows)),
        columns_(rows_.transpose()),
        diagonal_(rows_.rowwise().squaredNorm()) {
    const auto count = static_cast<double>(rows_.rows());
    const double all = columns_.rowwise().sum().cast<double>().squaredNorm();
    mean_ = static_cast<float>((all - diagonal_.cast<double>().sum()) / (count * count));
  }

  /// K t
  Matrix times(const Matrix& t) const {
    Matrix out = multiply(rows_, multiply(columns_, t));
    const RowVector sums = mean_ * t.colwise().sum();
    for_blocks(out.rows(), [&](Eigen::Index first, Eigen::Index count, std::size_t) {
      for (Eigen::Index i = first; i < first + count; ++i)
        out.row(i) -= diagonal_[i] * t.row(i) + sums;
    });
    return out;
  }

  /// t K
  Matrix times_left(const Matrix& t) const {
    Matrix out = multiply(multiply(t, rows_), columns_);
    for_blocks(out.rows(), [&](Eigen::Index first, Eigen::Index count, std::size_t) {
      for (Eigen::Index i = first; i < first + count; ++i)
        out.row(i).array() -=
            diagonal_.transpose().array() * t.row(i).array() + mean_ * t.row(i).sum();
    });
    return out;
  }

 private:
  Matrix rows_, columns_;  // n x d, d x n
  Eigen::VectorXf diagonal_;
  float mean_ = 0;
};

/// Logarithm of how likely words are a pair by their ranks alone.
Matrix rank_prior(Eigen::Index n, Eigen::Index m, double spread) {
  Matrix prior(n, m);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < m; ++j) {
      const double ratio =
          (static_cast<double>(i) + kRankOffset) / (static_cast<double>(j) + kRankOffset);
      prior(i, j) = static_cast<float>(-std::pow(std::log(ratio) / spread, 2) / 2);
    }
  return prior;
}

}  // namespace

Matrix even_rows(ConstRows rows) {
  const SymmetricEigen eigen = symmetric_eigen(cross_product(rows, rows), "distribution");
  const double floor = kNoise * std::max(eigen.values.maxCoeff(), 1e-30);
  const MatrixD power =
      eigen.vectors * eigen.values.array().max(floor).pow(-0.25).matrix().asDiagonal();
  return multiply(rows, power.cast<float>());
}

void scale_plan(Matrix& scores, double temperature) {
  const Eigen::Index n = scores.rows(), m = scores.cols();
  const auto inverse = static_cast<float>(1 / temperature);
  for_blocks(n, [&](Eigen::Index first, Eigen::Index count, std::size_t) {
    for (Eigen::Index i = first; i < first + count; ++i) {
      auto row = scores.row(i).array();
      row = ((row - row.maxCoeff()) * inverse).exp();
    }
  });
  const float share = static_cast<float>(n) / static_cast<float>(m);
  Eigen::VectorXf by_row(n);
  RowVector by_column = RowVector::Ones(m);
  Matrix sums(static_cast<Eigen::Index>(Blocks{static_cast<std::size_t>(n), kBlockRows}.count()),
              m);
  for (int i = 0; i < kScalings; ++i) {
    for_blocks(n, [&](Eigen::Index first, Eigen::Index count, std::size_t block) {
      auto sum = sums.row(static_cast<Eigen::Index>(block));
      sum.setZero();
      for (Eigen::Index row = first; row < first + count; ++row) {
        by_row[row] = 1 / (scores.row(row).dot(by_column) + 1e-30F);
        sum += by_row[row] * scores.row(row);
      }
    });
    RowVector total = RowVector::Zero(m);
    for (Eigen::Index block = 0; block < sums.rows(); ++block) total += sums.row(block);
    by_column = share / (total.array() + 1e-30F);
  }
  for_blocks(n, [&](Eigen::Index first, Eigen::Index count, std::size_t) {
    for (Eigen::Index i = first; i < first + count; ++i)
      scores.row(i).array() *= by_row[i] * by_column.array();
  });
}

Matrix solve_transport(ConstRows source, ConstRows target, const DistributionStart& start) {
  const Similarities of_source(source), of_target(target);
  const Matrix prior = rank_prior(source.rows(), target.rows(), start.rank_spread);
  Matrix plan = prior;
  scale_plan(plan, 1);
  for (int i = 0; i < start.iterations; ++i) {
    const double time = start.iterations > 1 ? i / (start.iterations - 1.0) : 0;
    // The gradient of sum K_ii' T_ij T_i'j' L_jj'.
    plan = of_target.times_left(of_source.times(plan));
    const double spread =
        std::sqrt(plan.cast<double>().squaredNorm() / static_cast<double>(plan.size()));
    const double temperature =
        start.first_temperature * std::pow(start.last_temperature / start.first_temperature, time);
    const double weight = std::max(0.0, 1 - i / (kPriorShare * start.iterations));
    plan = plan * static_cast<float>(1 / (std::max(spread, 1e-30) * temperature)) +
           static_cast<float>(weight) * prior;
    scale_plan(plan, 1);
  }
  return plan;
}

}  // namespace xalign
