#pragma once

#include <cstdint>

namespace xalign {

/// Seeded random numbers (splitmix64, Steele 2014): the same seed gives the same numbers on every
/// machine, which the distributions of the standard library do not promise.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  /// Uniform in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in [0, 1).
  double uniform();
  /// Standard normal.
  double normal();

 private:
  std::uint64_t state_;
};

}  // namespace xalign
