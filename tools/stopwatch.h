#pragma once

#include <chrono>
#include <cmath>
#include <ctime>

namespace xalign::cli {

/// Seconds to the millisecond.
class Stopwatch {
 public:
  /// Seconds since the last lap, or the start.
  double lap() {
    const auto now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    return std::round(seconds * 1e3) / 1e3;
  }

  /// Processor time of the whole process, all threads together.
  static double cpu_seconds() {
    return std::round(static_cast<double>(std::clock()) / CLOCKS_PER_SEC * 1e3) / 1e3;
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point last_ = Clock::now();
};

}  // namespace xalign::cli
