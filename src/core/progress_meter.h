#pragma once

#include <xalign/progress.h>

#include <chrono>
#include <mutex>
#include <string_view>

namespace xalign {

/// Passes the steps that any number of threads finish on to a listener, one call at a time and not
/// too often.
class ProgressMeter {
 public:
  ProgressMeter(const Progress& listener, std::string_view task, std::uint64_t total)
      : listener_(listener), event_{task, 0, total} {}

  void add(std::uint64_t steps) {
    if (!listener_) return;
    const std::lock_guard lock(mutex_);
    event_.done += steps;
    const auto now = Clock::now();
    if (event_.done != event_.total && now - last_ < kInterval) return;
    last_ = now;
    listener_(event_);
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kInterval{200};

  const Progress& listener_;
  ProgressEvent event_;
  Clock::time_point last_ = Clock::now();
  std::mutex mutex_;
};

}  // namespace xalign
