#pragma once

#include <xalign/topk.h>

#include <limits>
#include <vector>

namespace xalign {

/// The score of an empty place in a list.
constexpr double kNoScore = -std::numeric_limits<double>::infinity();

/// The best candidates seen so far of every row, sorted, with scores in double precision. Indices
/// stand where the result wants them.
class CandidateLists {
 public:
  CandidateLists(Eigen::Index rows, int k)
      : k_(k),
        scores_(static_cast<std::size_t>(rows * k), kNoScore),
        at_least_(static_cast<std::size_t>(k > 0 ? rows : 0), kNoScore) {
    index_.setConstant(rows, k, -1);
  }

  int k() const { return k_; }
  Eigen::Index rows() const { return index_.rows(); }

  /// Of rank 0 to k - 1 so far.
  double score(Eigen::Index row, int rank) const { return scores(row)[rank]; }

  /// Candidates with a lower score than this can be left out; with the same score they cannot.
  double floor(Eigen::Index row) const {
    if (k_ == 0) return std::numeric_limits<double>::infinity();
    return std::max(scores(row)[k_ - 1], at_least_[static_cast<std::size_t>(row)]);
  }

  /// Promises that the finished list will have no lower score than this.
  void promise(Eigen::Index row, double score) {
    double& at_least = at_least_[static_cast<std::size_t>(row)];
    at_least = std::max(at_least, score);
  }

  /// Offers a candidate, each once. True if it was taken.
  bool offer(Eigen::Index row, double score, Index index) {
    if (k_ == 0) return false;
    double* row_scores = scores(row);
    Index* indices = index_.data() + row * k_;
    const auto better = [&](int rank) {
      return score > row_scores[rank] || (score == row_scores[rank] && index < indices[rank]);
    };
    int rank = k_ - 1;
    if (!better(rank)) return false;
    for (; rank > 0 && better(rank - 1); --rank) {
      row_scores[rank] = row_scores[rank - 1];
      indices[rank] = indices[rank - 1];
    }
    row_scores[rank] = score;
    indices[rank] = index;
    return true;
  }

  /// The lists with scores rounded to float32; nothing is left here.
  TopkLists finish() {
    TopkLists lists;
    lists.index.swap(index_);
    lists.score.resize(lists.index.rows(), k_);
    for (std::size_t i = 0; i < scores_.size(); ++i)
      lists.score.data()[i] = static_cast<float>(scores_[i]);
    scores_ = {};
    at_least_ = {};
    return lists;
  }

 private:
  double* scores(Eigen::Index row) { return scores_.data() + row * k_; }
  const double* scores(Eigen::Index row) const { return scores_.data() + row * k_; }

  int k_;
  std::vector<double> scores_;    // rows x k
  std::vector<double> at_least_;  // rows
  decltype(TopkLists::index) index_;
};

}  // namespace xalign
