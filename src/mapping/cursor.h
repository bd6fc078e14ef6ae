#pragma once

#include <xalign/matrix.h>

#include <vector>

namespace xalign {

/// Where a run is: the number of the step, then of what is inside of it. Loops that can be resumed
/// hold a Level each and begin at `first`.
class Cursor {
 public:
  Cursor() = default;
  /// Levels begin where `position` says, once each.
  explicit Cursor(std::vector<Index> position) : resume_(std::move(position)) {}

  class Level {
   public:
    explicit Level(Cursor& cursor) : cursor_(cursor), first_(cursor.enter()) {}
    ~Level() { cursor_.path_.pop_back(); }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

    Index first() const { return first_; }
    void at(Index number) { cursor_.path_.back() = number; }

   private:
    Cursor& cursor_;
    Index first_;
  };

  const std::vector<Index>& path() const { return path_; }
  /// Whether the run has not yet come to where it resumes.
  bool resuming() const { return path_.size() < resume_.size(); }

 private:
  Index enter() {
    const Index first = resuming() ? resume_[path_.size()] : 0;
    path_.push_back(first);
    // The innermost level has been reached: loops that are entered again begin at 0.
    if (path_.size() == resume_.size()) resume_.clear();
    return first;
  }

  std::vector<Index> path_;
  std::vector<Index> resume_;
};

}  // namespace xalign
