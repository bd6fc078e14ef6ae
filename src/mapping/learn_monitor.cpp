#include "mapping/learn_monitor.h"

#include <algorithm>
#include <limits>

namespace xalign {

void LearnMonitor::resume(std::vector<IterationRecord> iterations) {
  iterations_ = std::move(iterations);
  if (!iterations_.empty()) seconds_before_ = iterations_.back().seconds;
}

void LearnMonitor::record(IterationRecord record) {
  record.iteration = static_cast<int>(iterations_.size()) + 1;
  record.seconds = seconds_before_ + seconds();
  iterations_.push_back(std::move(record));
  if (options_.log) options_.log(iterations_.back());
  if (options_.progress)
    options_.progress({"iterate", static_cast<std::uint64_t>(iterations_.size()), 0});
}

bool LearnMonitor::out_of_time() {
  if (options_.time_limit > 0 && seconds() >= options_.time_limit) was_out_of_time_ = true;
  return was_out_of_time_;
}

double LearnMonitor::seconds_left() const {
  if (!(options_.time_limit > 0)) return std::numeric_limits<double>::infinity();
  return std::max(0.0, options_.time_limit - seconds());
}

double LearnMonitor::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

}  // namespace xalign
