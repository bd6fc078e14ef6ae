#pragma once

#include <fstream>
#include <sstream>
#include <string>

namespace xalign::bench {

/// A line of /proc/self/status in MB; 0 where there is none.
inline double status_mb(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name)) {
      std::istringstream words(line.substr(name.size() + 1));
      double kilobytes = 0;
      words >> kilobytes;
      return kilobytes / 1024;
    }
  return 0;
}

inline double resident_mb() {
  return status_mb("VmRSS");
}

/// Largest resident memory since the last `reset_peak`.
inline double peak_mb() {
  return status_mb("VmHWM");
}
inline void reset_peak() {
  std::ofstream("/proc/self/clear_refs") << 5;
}

}  // namespace xalign::bench
