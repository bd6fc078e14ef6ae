#include "mapping/operations.h"

#include "linalg/kmeans.h"
#include "linalg/product.h"
#include "linalg/unit_row.h"

#include <xalign/topk.h>

namespace xalign {
namespace {

using Operation = Normalizer::Operation;
using Kind = Operation::Kind;

void center(const Matrix& means, Rows rows, const RowGroups& groups) {
  if (means.rows() == 1) {
    rows.rowwise() -= means.row(0);
    return;
  }
  for (Eigen::Index i = 0; i < rows.rows(); ++i)
    rows.row(i) -= means.row(groups.of_row[static_cast<std::size_t>(i)]);
}

void remove_directions(ConstRows directions, Rows rows) {
  Eigen::RowVectorXd removed(rows.cols());
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    removed.setZero();
    for (Eigen::Index j = 0; j < directions.rows(); ++j)
      removed += exact_dot(rows.row(i).data(), directions.row(j).data(), rows.cols()) *
                 directions.row(j).cast<double>();
    rows.row(i) = (rows.row(i).cast<double>() - removed).cast<float>();
  }
}

void treat_clusters(const Operation& operation, Rows rows) {
  const Eigen::Index clusters = operation.clusters;
  const Eigen::Index directions = operation.values.rows() / clusters - 1;
  const auto centers = operation.values.topRows(clusters);
  const std::vector<Index> nearest = nearest_centers(rows, centers);
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    const Index cluster = nearest[static_cast<std::size_t>(i)];
    rows.row(i) -= centers.row(cluster);
    remove_directions(operation.values.middleRows(clusters + cluster * directions, directions),
                      rows.middleRows(i, 1));
  }
}

void apply_operation(const Operation& operation, Rows rows, const RowGroups& groups) {
  switch (operation.kind) {
    case Kind::unit:
      normalize_block(rows);
      break;
    case Kind::center:
      center(operation.values, rows, groups);
      break;
    case Kind::project:
      remove_directions(operation.values, rows);
      break;
    case Kind::linear: {
      Matrix product(rows.rows(), rows.cols());
      multiply_rows(rows, operation.values, product);
      rows = product;
      break;
    }
    case Kind::scale:
      rows.array().rowwise() *= operation.values.row(0).array();
      break;
    case Kind::clusters:
      treat_clusters(operation, rows);
      break;
  }
}

}  // namespace

Index normalize_block(Rows rows) {
  Index zeros = 0;
  for (Eigen::Index i = 0; i < rows.rows(); ++i)
    zeros += make_unit(rows.row(i).data(), rows.cols()) == 0 ? 1 : 0;
  return zeros;
}

void apply_operations(std::span<const Operation> operations, Rows rows, const RowGroups& groups) {
  for (const Operation& operation : operations) apply_operation(operation, rows, groups);
}

bool has_sound_shape(const Operation& operation) {
  const Matrix& values = operation.values;
  if (operation.kind == Kind::unit) return values.size() == 0;
  if (values.size() == 0 || !values.allFinite()) return false;
  switch (operation.kind) {
    case Kind::project:
      return values.rows() < values.cols();
    case Kind::linear:
      return values.rows() == values.cols();
    case Kind::scale:
      return values.rows() == 1;
    case Kind::clusters:
      return operation.clusters > 0 && values.rows() % operation.clusters == 0 &&
             values.rows() / operation.clusters <= values.cols();
    default:
      return true;
  }
}

}  // namespace xalign
