#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace xalign {

/// How far a long computation is. Steps are the task's own unit (rows, bytes, iterations).
struct ProgressEvent {
  std::string_view task;    ///< what is being done, e.g. "read en.vec"
  std::uint64_t done = 0;   ///< steps finished
  std::uint64_t total = 0;  ///< steps in all; 0 when unknown
};

/// Receives progress; empty means nobody listens. Called from one thread at a time, a few times a
/// second at most per task and once at its end. May throw to cancel the computation.
using Progress = std::function<void(const ProgressEvent&)>;

}  // namespace xalign
