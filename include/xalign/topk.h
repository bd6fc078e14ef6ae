#pragma once

#include <xalign/matrix.h>
#include <xalign/progress.h>

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace xalign {

/// For each of n rows its best partners, best first. Ties go to the smaller index. Rows with fewer
/// than k partners are filled up with index -1 and score -infinity.
struct TopkLists {
  Eigen::Matrix<Index, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> index;  ///< n x k
  Matrix score;                                                                 ///< n x k

  Eigen::Index rows() const { return index.rows(); }
  Eigen::Index k() const { return index.cols(); }
};

struct TopkResult {
  TopkLists rows;     ///< best columns of every row, n x row_k
  TopkLists columns;  ///< best rows of every column, m x column_k
};

/// What a search screens with before it computes exact scores.
enum class TopkMode {
  automatic,  ///< int8 where it is the faster one (all but "generic"), else float32
  float32,
  int8,
};

constexpr int kMaxTopk = 128;

struct TopkOptions {
  int row_k = 10;                         ///< best columns kept for every row, 0 to kMaxTopk
  int column_k = 0;                       ///< best rows kept for every column, 0 to kMaxTopk
  std::span<const float> row_terms = {};  ///< added to the scores of each row; n values or none
  std::span<const float> column_terms =
      {};                        ///< added to the scores of each column; m values or none
  bool skip_same_index = false;  ///< leave out pairs (i, i)
  std::span<const std::pair<Index, Index>> skip_pairs = {};  ///< (row, column) pairs to leave out
  const TopkResult* warm_start = nullptr;  ///< lists from a similar call: same result, sooner
  std::size_t memory_limit = 0;            ///< bytes beyond inputs and results; 0 = about 100 MB
  TopkMode mode = TopkMode::automatic;
  std::string isa = {};  ///< instruction set to force, one of topk_isas(); empty = the best
  Progress progress = {};

  void validate() const;
};

/// Finds the `row_k` columns of every row and the `column_k` rows of every column with the largest
/// score `source.row(i) . target.row(j) + row_terms[i] + column_terms[j]`, in one pass over the
/// n x m product, which is never held in memory.
///
/// Exact: scores are dot products summed in double precision in one fixed order, and the lists are
/// those of a full sort by (score descending, index ascending), whatever the mode, the instruction
/// set and the number of threads. They are rounded to float32 in the result.
///
/// @param source  n x d rows, any lengths (cosine search: unit rows)
/// @param target  m x d rows
/// @throws Error(config) for options out of range, Error(data) for different dimensions or values
///         that are not finite
TopkResult find_topk(ConstRows source, ConstRows target, const TopkOptions& options = {});

/// The dot product of `find_topk`: the same bits for the same rows everywhere.
double exact_dot(const float* a, const float* b, Eigen::Index dimension);

/// Instruction sets this processor can run, best first; the last is "generic".
std::vector<std::string> topk_isas();

}  // namespace xalign
