#include "core/parallel_for.h"
#include "linalg/decompositions.h"
#include "linalg/unit_row.h"
#include "mapping/recipe.h"

#include <xalign/error.h>
#include <xalign/normalize.h>
#include <xalign/topk.h>

#include <fmt/format.h>

#include <atomic>
#include <functional>
#include <span>

namespace xalign {
namespace {

using Operation = Normalizer::Operation;
using OperationKind = Operation::Kind;

// Few enough rows that a block stays in cache from one operation to the next.
constexpr std::size_t kBlockRows = 512;

template <typename Body>  // Body(std::size_t block, Rows rows)
void for_each_block(Rows rows, const Body& body) {
  const Blocks blocks{static_cast<std::size_t>(rows.rows()), kBlockRows};
  parallel_for(blocks.count(), [&](std::size_t i) {
    body(i, rows.middleRows(static_cast<Eigen::Index>(blocks.begin(i)),
                            static_cast<Eigen::Index>(blocks.length(i))));
  });
}

Index normalize_block(Rows rows) {
  Index zeros = 0;
  for (Eigen::Index i = 0; i < rows.rows(); ++i)
    zeros += make_unit(rows.row(i).data(), rows.cols()) == 0 ? 1 : 0;
  return zeros;
}

void remove_directions(const Matrix& directions, Rows rows) {
  Eigen::RowVectorXd removed(rows.cols());
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    removed.setZero();
    for (Eigen::Index j = 0; j < directions.rows(); ++j)
      removed += exact_dot(rows.row(i).data(), directions.row(j).data(), rows.cols()) *
                 directions.row(j).cast<double>();
    rows.row(i) = (rows.row(i).cast<double>() - removed).cast<float>();
  }
}

void apply_operation(const Operation& operation, Rows rows) {
  switch (operation.kind) {
    case OperationKind::unit:
      normalize_block(rows);
      break;
    case OperationKind::center:
      rows.rowwise() -= operation.values.row(0);
      break;
    case OperationKind::project:
      remove_directions(operation.values, rows);
      break;
    case OperationKind::linear: {
      Matrix product(rows.rows(), rows.cols());
      multiply(rows, operation.values, product);
      rows = product;
      break;
    }
  }
}

void apply_operations(std::span<const Operation> operations, Rows rows) {
  for (const Operation& operation : operations) apply_operation(operation, rows);
}

/// Fits operations one after the other. What is fitted is applied in the same pass over the rows
/// that collects the next statistics.
class Fit {
 public:
  explicit Fit(Rows rows) : rows_(rows) {}

  void run(const NormalizeStep& step) {
    switch (step.kind) {
      case NormalizeStep::Kind::unit:
        unit();
        break;
      case NormalizeStep::Kind::center:
        center();
        break;
      case NormalizeStep::Kind::iternorm:
        for (int round = 0; round < step.count; ++round) {
          unit();
          center();
        }
        unit();
        break;
      case NormalizeStep::Kind::abtt:
        center();
        remove_principal(step);
        break;
      case NormalizeStep::Kind::zca:
        center();
        whiten(step);
        break;
    }
  }

  std::vector<Operation> finish() {
    apply_pending();
    return std::move(operations_);
  }

 private:
  std::span<const Operation> pending() const {
    return std::span<const Operation>(operations_).subspan(applied_);
  }

  void apply_pending() {
    if (pending().empty()) return;
    for_each_block(rows_, [&](std::size_t, Rows block) { apply_operations(pending(), block); });
    applied_ = operations_.size();
  }

  void unit() { operations_.push_back({OperationKind::unit, {}}); }

  void center() {
    const Blocks blocks{static_cast<std::size_t>(rows_.rows()), kBlockRows};
    MatrixD sums = MatrixD::Zero(static_cast<Eigen::Index>(blocks.count()), rows_.cols());
    for_each_block(rows_, [&](std::size_t i, Rows block) {
      apply_operations(pending(), block);
      auto sum = sums.row(static_cast<Eigen::Index>(i));
      for (Eigen::Index row = 0; row < block.rows(); ++row) sum += block.row(row).cast<double>();
    });
    applied_ = operations_.size();
    Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(rows_.cols());
    for (Eigen::Index i = 0; i < sums.rows(); ++i) mean += sums.row(i);
    if (rows_.rows() > 0) mean /= static_cast<double>(rows_.rows());
    if (!mean.allFinite())
      throw Error(ErrorKind::data, "normalize", "a vector with values that are not finite",
                  "finite numbers", "remove the vector");
    operations_.push_back({OperationKind::center, mean.cast<float>()});
  }

  SymmetricEigen principal_directions(const NormalizeStep& step) {
    apply_pending();
    const double scale = 1.0 / static_cast<double>(std::max<Eigen::Index>(rows_.rows(), 1));
    return symmetric_eigen(cross_product(rows_, rows_) * scale, "normalize: " + to_string(step));
  }

  void remove_principal(const NormalizeStep& step) {
    if (step.count >= rows_.cols())
      throw Error(ErrorKind::config, "normalize",
                  fmt::format("'{}' for vectors of dimension {}", to_string(step), rows_.cols()),
                  "fewer directions than dimensions");
    const SymmetricEigen eigen = principal_directions(step);
    const MatrixD directions = eigen.vectors.rightCols(step.count).transpose();
    operations_.push_back({OperationKind::project, directions.cast<float>()});
  }

  void whiten(const NormalizeStep& step) {
    const SymmetricEigen eigen = principal_directions(step);
    const VectorD values = eigen.values.cwiseMax(0);
    const double floor = step.epsilon * values.mean();
    if (!(floor > 0)) return;  // all rows are equal: nothing to whiten
    const VectorD gains = (values.array() + floor).rsqrt();
    const MatrixD map = eigen.vectors * gains.asDiagonal() * eigen.vectors.transpose();
    operations_.push_back({OperationKind::linear, map.cast<float>()});
  }

  Rows rows_;
  std::vector<Operation> operations_;
  std::size_t applied_ = 0;  // operations that the rows have gone through
};

[[noreturn]] void refuse_shape() {
  throw Error(ErrorKind::data, "normalize", "operations whose shapes do not fit together",
              "a 1 x d mean, p x d directions or a d x d matrix of finite numbers");
}

}  // namespace

Normalizer::Normalizer(NormalizeRecipe recipe, std::vector<Operation> operations)
    : recipe_(std::move(recipe)), operations_(std::move(operations)) {
  for (const auto& [kind, values] : operations_) {
    if (kind == OperationKind::unit) {
      if (values.size() != 0) refuse_shape();
      continue;
    }
    if (dimension_ == 0) dimension_ = values.cols();
    const bool rows_fit = kind == OperationKind::center    ? values.rows() == 1
                          : kind == OperationKind::project ? values.rows() < values.cols()
                                                           : values.rows() == values.cols();
    if (!rows_fit || values.cols() != dimension_ || values.size() == 0 || !values.allFinite())
      refuse_shape();
  }
}

Normalizer Normalizer::fit(const NormalizeRecipe& recipe, Rows rows) {
  for (const NormalizeStep& step : recipe) validate(step);
  Fit fit(rows);
  for (const NormalizeStep& step : recipe) fit.run(step);
  return {recipe, fit.finish()};
}

void Normalizer::apply(Rows rows) const {
  if (dimension_ != 0 && rows.cols() != dimension_)
    throw Error(ErrorKind::data, "normalize", fmt::format("vectors of dimension {}", rows.cols()),
                fmt::format("dimension {}, as the recipe was fitted on", dimension_));
  for_each_block(rows, [&](std::size_t, Rows block) { apply_operations(operations_, block); });
}

Index normalize_rows(Rows rows) {
  std::atomic<Index> zeros = 0;
  for_each_block(rows, [&](std::size_t, Rows block) { zeros += normalize_block(block); });
  return zeros;
}

}  // namespace xalign
