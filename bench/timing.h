#pragma once

#include <algorithm>
#include <ctime>
#include <functional>
#include <vector>

namespace xalign::bench {

/// Seconds of all threads of this process: unlike wall time hardly touched by other programs.
inline double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

inline double wall_seconds() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Something to be timed. All are run in turn, so that slow minutes of the machine hit all alike.
struct Contestant {
  std::function<void()> run;
  std::vector<double> cpu = {};
  std::vector<double> wall = {};

  void time() {
    const double cpu_before = cpu_seconds(), wall_before = wall_seconds();
    run();
    cpu.push_back(cpu_seconds() - cpu_before);
    wall.push_back(wall_seconds() - wall_before);
  }
};

}  // namespace xalign::bench
