#pragma once

#include <xalign/learn.h>

#include <chrono>
#include <string>
#include <vector>

namespace xalign {

/// Watches a run from outside of its steps: collects the log, passes progress on, knows the time.
class LearnMonitor {
 public:
  /// @param options  must outlive it
  explicit LearnMonitor(const LearnOptions& options) : options_(options) {}

  /// Goes on after the iterations of an earlier run.
  void resume(std::vector<IterationRecord> iterations);

  /// Records an iteration; its number and time are filled in here.
  void record(IterationRecord record);

  /// Whether the time limit has passed: a step that iterates then leaves what it has.
  bool out_of_time();

  /// Whether rounds are measured for the log, whatever their own rules need.
  bool wants_consistency() const { return options_.log_consistency; }
  /// Seconds until then, at least 0; infinite without a limit.
  double seconds_left() const;

  /// For searches and the like inside of a step; may throw to cancel the run.
  const Progress& progress() const { return options_.progress; }

  const std::vector<IterationRecord>& iterations() const { return iterations_; }
  /// Whether `out_of_time` has ever said so.
  bool was_out_of_time() const { return was_out_of_time_; }

 private:
  using Clock = std::chrono::steady_clock;
  double seconds() const;

  const LearnOptions& options_;
  Clock::time_point start_ = Clock::now();
  double seconds_before_ = 0;  // of the run that is resumed
  std::vector<IterationRecord> iterations_;
  bool was_out_of_time_ = false;
};

}  // namespace xalign
