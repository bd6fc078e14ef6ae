#include "linalg/topk_pool.h"

#include <algorithm>

namespace xalign {
namespace {

/// Enough room that candidates with bounds too close to tell apart are rare to fill it.
std::size_t capacity_for(int k) {
  return k == 0 ? 0 : 2 * static_cast<std::size_t>(k) + 12;
}

// Vectors that are on their way while one is multiplied.
constexpr std::size_t kAhead = 3;

}  // namespace

CandidatePool::CandidatePool(const SearchTask& task, Side side, CandidateLists& lists,
                             Eigen::Index begin, Eigen::Index count)
    : task_(task),
      side_(side),
      lists_(lists),
      begin_(begin),
      k_(static_cast<std::size_t>(lists.k())),
      capacity_(capacity_for(lists.k())),
      candidates_(static_cast<std::size_t>(count) * capacity_),
      largest_(static_cast<std::size_t>(count) * (k_ + 1), -std::numeric_limits<float>::infinity()),
      floors_(static_cast<std::size_t>((count + kSegmentColumns - 1) / kSegmentColumns *
                                       kSegmentColumns),
              std::numeric_limits<float>::infinity()),
      sizes_(static_cast<std::size_t>(count), 0) {
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    largest_[i * (k_ + 1)] = std::numeric_limits<float>::infinity();
    floors_[i] = round_down(lists_.floor(begin_ + static_cast<Eigen::Index>(i)) * task_.per_unit);
  }
}

std::size_t CandidatePool::bytes(int k) {
  return capacity_for(k) * sizeof(Candidate) + (static_cast<std::size_t>(k) + 2) * sizeof(float) +
         sizeof(std::uint16_t);
}

void CandidatePool::make_room(Eigen::Index i) {
  drop_hopeless(i);
  if (sizes_[static_cast<std::size_t>(i)] == capacity_) finish(i);
}

void CandidatePool::drop_hopeless(Eigen::Index i) {
  const auto at = static_cast<std::size_t>(i);
  Candidate* candidates = candidates_.data() + at * capacity_;
  std::size_t kept = 0;
  for (std::size_t c = 0; c < sizes_[at]; ++c) {
    candidates[kept] = candidates[c];
    kept += candidates[kept].upper >= floors_[at];
  }
  sizes_[at] = static_cast<std::uint16_t>(kept);
}

void CandidatePool::finish(Eigen::Index i) {
  drop_hopeless(i);
  const auto at = static_cast<std::size_t>(i);
  const Candidate* candidates = candidates_.data() + at * capacity_;
  const Eigen::Index list = begin_ + i;
  for (std::size_t c = 0; c < std::min<std::size_t>(kAhead, sizes_[at]); ++c)
    task_.prefetch(side_ == Side::rows, candidates[c].partner);
  for (std::size_t c = 0; c < sizes_[at]; ++c) {
    if (c + kAhead < sizes_[at])
      task_.prefetch(side_ == Side::rows, candidates[c + kAhead].partner);
    const Index partner = candidates[c].partner;
    const double score =
        side_ == Side::rows ? task_.score(list, partner) : task_.score(partner, list);
    lists_.offer(list, score, partner);
  }
  sizes_[at] = 0;
  floors_[at] = std::max(floors_[at], round_down(lists_.floor(list) * task_.per_unit));
}

}  // namespace xalign
