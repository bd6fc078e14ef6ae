#pragma once

#include "linalg/topk_task.h"

#include <vector>

namespace xalign {

/// A pair that may belong into a list: its exact score lies between two bounds, in the units of the
/// screen.
struct ScoreBounds {
  float lower;
  float upper;
};

/// Collects candidates for the lists of some rows, or columns, that lie one after the other.
///
/// Exact scores are expensive: they are sums in double precision of vectors in far memory. A pool
/// knows the k largest lower bounds of what it has seen, of which the least is a floor for all that
/// is to come, and keeps the candidates that reach it. Only what is left at the end, hardly more
/// than k of them, is scored exactly.
class CandidatePool {
 public:
  enum class Side { rows, columns };  ///< whose lists they are

  /// @param begin  the first row or column, at index 0 of the pool
  CandidatePool(const SearchTask& task, Side side, CandidateLists& lists, Eigen::Index begin,
                Eigen::Index count);

  /// Bytes that each row or column takes.
  static std::size_t bytes(int k);

  /// Candidates whose upper bound is lower than this can be left out. Padded to whole segments.
  const float* floors() const { return floors_.data(); }
  float floor(Eigen::Index i) const { return floors_[static_cast<std::size_t>(i)]; }

  /// Each partner once, and only if its upper bound reaches the floor.
  void add(Eigen::Index i, const ScoreBounds& bounds, Eigen::Index partner) {
    const auto at = static_cast<std::size_t>(i);
    // The largest lower bounds in descending order, after an infinite one.
    float* largest = largest_.data() + at * (k_ + 1);
    for (std::size_t rank = k_; rank > 0; --rank) {
      const float moved = bounds.lower < largest[rank - 1] ? bounds.lower : largest[rank - 1];
      largest[rank] = largest[rank] < moved ? moved : largest[rank];
    }
    floors_[at] = floors_[at] < largest[k_] ? largest[k_] : floors_[at];
    candidates_[at * capacity_ + sizes_[at]] = {bounds.upper, static_cast<Index>(partner)};
    if (++sizes_[at] == capacity_) make_room(i);
  }

  /// Scores what is left and brings it into the list.
  void finish(Eigen::Index i);

 private:
  struct Candidate {
    float upper;
    Index partner;
  };

  void make_room(Eigen::Index i);
  void drop_hopeless(Eigen::Index i);

  const SearchTask& task_;
  Side side_;
  CandidateLists& lists_;
  Eigen::Index begin_;
  std::size_t k_;
  std::size_t capacity_;
  AlignedArray<Candidate> candidates_;  // count x capacity
  std::vector<float> largest_;          // count x (k + 1)
  std::vector<float> floors_;
  std::vector<std::uint16_t> sizes_;
};

}  // namespace xalign
