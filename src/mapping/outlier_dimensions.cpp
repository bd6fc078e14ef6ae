#include "core/median.h"
#include "core/parallel_for.h"

#include <xalign/error.h>
#include <xalign/outlier_dimensions.h>

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

using Columns = Eigen::Array<double, 1, Eigen::Dynamic>;

constexpr std::size_t kBlockRows = 4096;

/// Sums of `value(row)` over the rows, block by block.
template <typename Value>  // Columns-like Value(Eigen::Index row)
Columns sum_rows(ConstRows rows, const Value& value) {
  const Blocks blocks{static_cast<std::size_t>(rows.rows()), kBlockRows};
  std::vector<Columns> sums(blocks.count(), Columns::Zero(rows.cols()));
  parallel_for(blocks.count(), [&](std::size_t b) {
    for (std::size_t i = blocks.begin(b); i < blocks.begin(b) + blocks.length(b); ++i)
      sums[b] += value(static_cast<Eigen::Index>(i));
  });
  Columns total = Columns::Zero(rows.cols());
  for (const Columns& sum : sums) total += sum;
  return total;
}

double middle(const Columns& values) {
  return median({values.begin(), values.end()});
}

/// Distances from the median in robust standard deviations.
Columns deviations(const Columns& values) {
  const Columns distances = values - middle(values);
  const double scale = 1.4826 * middle(distances.abs());
  return scale > 0 ? Columns(distances / scale) : Columns::Zero(values.size());
}

}  // namespace

std::vector<OutlierDimension> find_outlier_dimensions(ConstRows rows, double threshold) {
  std::vector<OutlierDimension> found;
  if (rows.size() == 0) return found;
  const auto count = static_cast<double>(rows.rows());
  const auto row = [&](Eigen::Index i) { return rows.row(i).cast<double>().array(); };
  const Columns mean = sum_rows(rows, row) / count;
  const Columns variance =
      sum_rows(rows, [&](Eigen::Index i) { return (row(i) - mean).square(); }) / count;
  if (!mean.allFinite() || !variance.allFinite())
    throw Error(ErrorKind::data, "outliers", "a vector with values that are not finite",
                "finite numbers", "remove the vector");
  const Columns of_mean = deviations(mean), of_variance = deviations(variance);
  for (Eigen::Index i = 0; i < rows.cols(); ++i)
    if (std::max(std::abs(of_mean[i]), std::abs(of_variance[i])) > threshold)
      found.push_back({i, of_mean[i], of_variance[i]});
  return found;
}

}  // namespace xalign
