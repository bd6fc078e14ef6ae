#include "core/parallel_for.h"
#include "linalg/decompositions.h"
#include "linalg/kmeans.h"
#include "mapping/operations.h"
#include "mapping/recipe.h"

#include <xalign/error.h>
#include <xalign/normalize.h>
#include <xalign/outlier_dimensions.h>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <span>

namespace xalign {
namespace {

using Operation = Normalizer::Operation;
using OperationKind = Operation::Kind;

// Few enough rows that a block stays in cache from one operation to the next.
constexpr std::size_t kBlockRows = 512;

// Of vectors whose distances are compared: squares in single precision.
constexpr double kLongest = 1e18;

template <typename Body>  // Body(std::size_t block, Rows rows, RowGroups groups)
void for_each_block(Rows rows, const RowGroups& groups, const Body& body) {
  const Blocks blocks{static_cast<std::size_t>(rows.rows()), kBlockRows};
  parallel_for(blocks.count(), [&](std::size_t i) {
    const auto begin = static_cast<Eigen::Index>(blocks.begin(i));
    const auto length = static_cast<Eigen::Index>(blocks.length(i));
    body(i, rows.middleRows(begin, length), groups.of(begin, length));
  });
}

void check_groups(Rows rows, const RowGroups& groups) {
  if (groups.of_row.empty() && (groups.count == 1 || rows.rows() == 0)) return;
  const auto known = [&](Index group) { return group >= 0 && group < groups.count; };
  if (groups.of_row.size() != static_cast<std::size_t>(rows.rows()) ||
      !std::ranges::all_of(groups.of_row, known))
    throw Error(ErrorKind::data, "normalize", "groups that do not fit the rows",
                "a group for every row");
}

/// Fits operations one after the other. What is fitted is applied in the same pass over the rows
/// that collects the next statistics.
class Fit {
 public:
  Fit(Rows rows, const RowGroups& groups) : rows_(rows), groups_(groups) {}

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
      case NormalizeStep::Kind::outliers:
        drop_outliers(step);
        break;
      case NormalizeStep::Kind::cbie:
        treat_clusters(step);
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
    for_each_block(rows_, groups_, [&](std::size_t, Rows block, const RowGroups& groups) {
      apply_operations(pending(), block, groups);
    });
    applied_ = operations_.size();
  }

  void unit() { operations_.push_back({OperationKind::unit, {}}); }

  void center() {
    const MatrixD means = groups_.count > 1 ? means_of_groups() : mean();
    if (!means.allFinite())
      throw Error(ErrorKind::data, "normalize", "a vector with values that are not finite",
                  "finite numbers", "remove the vector");
    operations_.push_back({OperationKind::center, means.cast<float>()});
  }

  MatrixD mean() {
    const Blocks blocks{static_cast<std::size_t>(rows_.rows()), kBlockRows};
    MatrixD sums = MatrixD::Zero(static_cast<Eigen::Index>(blocks.count()), rows_.cols());
    for_each_block(rows_, groups_, [&](std::size_t i, Rows block, const RowGroups& groups) {
      apply_operations(pending(), block, groups);
      auto sum = sums.row(static_cast<Eigen::Index>(i));
      for (Eigen::Index row = 0; row < block.rows(); ++row) sum += block.row(row).cast<double>();
    });
    applied_ = operations_.size();
    MatrixD mean = MatrixD::Zero(1, rows_.cols());
    for (Eigen::Index i = 0; i < sums.rows(); ++i) mean += sums.row(i);
    if (rows_.rows() > 0) mean /= static_cast<double>(rows_.rows());
    return mean;
  }

  MatrixD means_of_groups() {
    apply_pending();
    std::vector<std::vector<Index>> members(static_cast<std::size_t>(groups_.count));
    for (std::size_t i = 0; i < groups_.of_row.size(); ++i)
      members[static_cast<std::size_t>(groups_.of_row[i])].push_back(static_cast<Index>(i));
    MatrixD means = MatrixD::Zero(groups_.count, rows_.cols());
    parallel_for(members.size(), [&](std::size_t g) {
      auto mean = means.row(static_cast<Eigen::Index>(g));
      for (const Index row : members[g]) mean += rows_.row(row).cast<double>();
      if (!members[g].empty()) mean /= static_cast<double>(members[g].size());
    });
    return means;
  }

  SymmetricEigen principal_directions(const NormalizeStep& step) {
    apply_pending();
    const double scale = 1.0 / static_cast<double>(std::max<Eigen::Index>(rows_.rows(), 1));
    return symmetric_eigen(cross_product(rows_, rows_) * scale, "normalize: " + to_string(step));
  }

  void remove_principal(const NormalizeStep& step) {
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

  void drop_outliers(const NormalizeStep& step) {
    apply_pending();
    Matrix factors = Matrix::Ones(1, rows_.cols());
    for (const OutlierDimension& outlier : find_outlier_dimensions(rows_, step.threshold))
      factors(0, outlier.column) = 0;
    operations_.push_back({OperationKind::scale, std::move(factors)});
  }

  void treat_clusters(const NormalizeStep& step) {
    apply_pending();
    const auto clusters = static_cast<Index>(std::min<Eigen::Index>(step.clusters, rows_.rows()));
    if (clusters == 0) return;
    const double longest = std::sqrt(rows_.cast<double>().rowwise().squaredNorm().maxCoeff());
    if (std::isfinite(longest) && longest > kLongest)
      throw Error(ErrorKind::numeric, "normalize: " + to_string(step),
                  fmt::format("a vector of length {:.3g}", longest),
                  "finite numbers of moderate size",
                  "normalise the vectors, e.g. with 'unit,center,unit'");
    KmeansResult found = find_clusters(rows_, {.clusters = clusters});
    Matrix values = Matrix::Zero(clusters * (1 + step.count), rows_.cols());
    values.topRows(clusters) = found.centers;
    std::vector<std::vector<Index>> members(static_cast<std::size_t>(clusters));
    for (std::size_t i = 0; i < found.assignment.size(); ++i)
      members[static_cast<std::size_t>(found.assignment[i])].push_back(static_cast<Index>(i));
    for (Index c = 0; c < clusters; ++c) {
      const std::vector<Index>& rows = members[static_cast<std::size_t>(c)];
      const Matrix centered = rows_(rows, Eigen::all).rowwise() - found.centers.row(c);
      const SymmetricEigen eigen =
          symmetric_eigen(cross_product(centered, centered), "normalize: " + to_string(step));
      // What a cluster does not span is not a direction of its own.
      const double floor = 1e-9 * std::max(0.0, eigen.values.maxCoeff());
      for (int j = 0; j < step.count; ++j) {
        const Eigen::Index from_end = rows_.cols() - 1 - j;
        if (eigen.values[from_end] > floor)
          values.row(clusters + c * step.count + j) =
              eigen.vectors.col(from_end).transpose().cast<float>();
      }
    }
    operations_.push_back({OperationKind::clusters, std::move(values), clusters});
  }

  Rows rows_;
  RowGroups groups_;
  std::vector<Operation> operations_;
  std::size_t applied_ = 0;  // operations that the rows have gone through
};

}  // namespace

RowGroups RowGroups::of(Eigen::Index first, Eigen::Index rows) const {
  if (of_row.empty()) return *this;
  return {of_row.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(rows)), count};
}

Normalizer::Normalizer(NormalizeRecipe recipe, std::vector<Operation> operations)
    : recipe_(std::move(recipe)), operations_(std::move(operations)) {
  for (const Operation& operation : operations_) {
    const Matrix& values = operation.values;
    if (dimension_ == 0) dimension_ = values.cols();
    if (!has_sound_shape(operation) || (values.cols() != 0 && values.cols() != dimension_))
      throw Error(ErrorKind::data, "normalize", "operations whose shapes do not fit together",
                  "means, directions, factors and matrices of one dimension, of finite numbers");
    if (operation.kind == OperationKind::center)
      groups_ = std::max(groups_, static_cast<Index>(values.rows()));
  }
}

Normalizer Normalizer::fit(const NormalizeRecipe& recipe, Rows rows, const RowGroups& groups) {
  for (const NormalizeStep& step : recipe) validate(step);
  check_dimension(recipe, rows.cols());
  check_groups(rows, groups);
  Fit fit(rows, groups);
  for (const NormalizeStep& step : recipe) fit.run(step);
  return {recipe, fit.finish()};
}

void Normalizer::apply(Rows rows, const RowGroups& groups) const {
  if (dimension_ != 0 && rows.cols() != dimension_)
    throw Error(ErrorKind::data, "normalize", fmt::format("vectors of dimension {}", rows.cols()),
                fmt::format("dimension {}, as the recipe was fitted on", dimension_));
  if (groups_ > 1) check_groups(rows, {groups.of_row, groups_});
  for_each_block(rows, groups, [&](std::size_t, Rows block, const RowGroups& of_block) {
    apply_operations(operations_, block, of_block);
  });
}

Index normalize_rows(Rows rows) {
  std::atomic<Index> zeros = 0;
  for_each_block(rows, {}, [&](std::size_t, Rows block, const RowGroups&) {
    zeros += normalize_block(block);
  });
  return zeros;
}

}  // namespace xalign
