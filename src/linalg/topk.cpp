#include "core/parallel_for.h"
#include "linalg/product.h"

#include <xalign/error.h>
#include <xalign/topk.h>

#include <algorithm>
#include <limits>

namespace xalign {
namespace {

constexpr std::size_t kBlockRows = 128;
constexpr Eigen::Index kBlockColumns = 2048;

struct Candidate {
  double score;
  Index index;
  bool operator<(const Candidate& other) const {  // better first
    return score > other.score || (score == other.score && index < other.index);
  }
};

double term(std::span<const float> terms, Eigen::Index i) {
  return terms.empty() ? 0.0 : terms[static_cast<std::size_t>(i)];
}

TopkLists search_rows(ConstRows a, ConstRows b, std::span<const float> row_terms,
                      std::span<const float> column_terms, int k, const TopkOptions& options,
                      bool swapped) {
  TopkLists lists;
  lists.index.setConstant(a.rows(), k, -1);
  lists.score.setConstant(a.rows(), k, -std::numeric_limits<float>::infinity());
  if (k == 0) return lists;
  std::vector<std::pair<Index, Index>> skip(options.skip_pairs.begin(), options.skip_pairs.end());
  if (swapped)
    for (auto& [row, column] : skip) std::swap(row, column);
  std::sort(skip.begin(), skip.end());
  const double bound = 4e-7 * static_cast<double>(a.cols() + 8) *
                       std::sqrt(static_cast<double>(b.rowwise().squaredNorm().maxCoeff()));
  const Blocks blocks{static_cast<std::size_t>(a.rows()), kBlockRows};
  parallel_for(blocks.count(), [&](std::size_t block) {
    const auto begin = static_cast<Eigen::Index>(blocks.begin(block));
    const auto length = static_cast<Eigen::Index>(blocks.length(block));
    std::vector<std::vector<Candidate>> best(static_cast<std::size_t>(length));
    Matrix scores;
    for (Eigen::Index column = 0; column < b.rows(); column += kBlockColumns) {
      const Eigen::Index width = std::min(kBlockColumns, b.rows() - column);
      scores.resize(length, width);
      multiply_transposed(a.middleRows(begin, length), b.middleRows(column, width), scores);
      for (Eigen::Index i = 0; i < length; ++i) {
        auto& heap = best[static_cast<std::size_t>(i)];
        const double slack = bound * std::sqrt(static_cast<double>(a.row(begin + i).squaredNorm()));
        const double own = term(row_terms, begin + i);
        for (Eigen::Index j = 0; j < width; ++j) {
          const double offset = own + term(column_terms, column + j);
          const bool full = static_cast<int>(heap.size()) == k;
          if (full && scores(i, j) + offset + slack < heap.front().score) continue;
          const auto row = static_cast<Index>(begin + i);
          const auto other = static_cast<Index>(column + j);
          if (options.skip_same_index && row == other) continue;
          if (std::binary_search(skip.begin(), skip.end(), std::pair{row, other})) continue;
          const Candidate candidate{
              exact_dot(a.row(row).data(), b.row(other).data(), a.cols()) + offset, other};
          if (full && !(candidate < heap.front())) continue;
          if (full) {
            std::pop_heap(heap.begin(), heap.end());
            heap.pop_back();
          }
          heap.push_back(candidate);
          std::push_heap(heap.begin(), heap.end());
        }
      }
    }
    for (Eigen::Index i = 0; i < length; ++i) {
      auto& heap = best[static_cast<std::size_t>(i)];
      std::sort_heap(heap.begin(), heap.end());
      for (std::size_t rank = 0; rank < heap.size(); ++rank) {
        lists.index(begin + i, static_cast<Eigen::Index>(rank)) = heap[rank].index;
        lists.score(begin + i, static_cast<Eigen::Index>(rank)) =
            static_cast<float>(heap[rank].score);
      }
    }
  });
  return lists;
}

}  // namespace

void TopkOptions::validate() const {
  if (row_k < 0 || row_k > kMaxTopk || column_k < 0 || column_k > kMaxTopk)
    throw Error(ErrorKind::config, "k", "a number of neighbours out of range", "0 to 128");
}

double exact_dot(const float* a, const float* b, Eigen::Index dimension) {
  // Products of two floats are exact in double, so fused and separate multiply-adds agree.
  double lanes[8] = {};
  Eigen::Index i = 0;
  for (; i + 8 <= dimension; i += 8)
    for (int lane = 0; lane < 8; ++lane)
      lanes[lane] += static_cast<double>(a[i + lane]) * static_cast<double>(b[i + lane]);
  for (int lane = 0; i < dimension; ++i, ++lane)
    lanes[lane] += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) +
         ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

std::vector<std::string> topk_isas() {
  return {"generic"};
}

TopkResult find_topk(ConstRows source, ConstRows target, const TopkOptions& options) {
  options.validate();
  if (source.cols() != target.cols() && source.rows() > 0 && target.rows() > 0)
    throw Error(ErrorKind::data, "neighbour search", "rows of different dimensions",
                "one dimension on both sides");
  TopkResult result;
  result.rows = search_rows(source, target, options.row_terms, options.column_terms, options.row_k,
                            options, false);
  result.columns = search_rows(target, source, options.column_terms, options.row_terms,
                               options.column_k, options, true);
  return result;
}

}  // namespace xalign
