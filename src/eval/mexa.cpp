#include <xalign/error.h>
#include <xalign/mexa.h>
#include <xalign/topk.h>

#include <fmt/format.h>

#include <algorithm>

namespace xalign {

double score_mexa(ConstRows source, ConstRows target) {
  if (source.rows() != target.rows())
    throw Error(ErrorKind::data, "MEXA",
                fmt::format("{} and {} rows", source.rows(), target.rows()), "pairs of rows");
  if (source.rows() == 0) return 0;
  const TopkResult others =
      find_topk(source, target, {.row_k = 1, .column_k = 1, .skip_same_index = true});
  Eigen::Index won = 0;
  for (Eigen::Index i = 0; i < source.rows(); ++i) {
    const double own = exact_dot(source.row(i).data(), target.row(i).data(), source.cols());
    const float best = std::max(others.rows.score(i, 0), others.columns.score(i, 0));
    if (static_cast<float>(own) > best) ++won;
  }
  return static_cast<double>(won) / static_cast<double>(source.rows());
}

}  // namespace xalign
