#pragma once

#include <xalign/matrix.h>

#include <array>
#include <cstdint>
#include <span>

namespace xalign {

/// Answers of about the same probability.
struct ReliabilityBin {
  Index queries = 0;
  double promised = 0;  ///< mean probability; 0 without queries
  double right = 0;     ///< share that was right; 0 without queries

  bool operator==(const ReliabilityBin&) const = default;
};
constexpr std::size_t kReliabilityBins = 10;  ///< 0 to 0.1, ... 0.9 to 1

/// How far probabilities hold what they promise: queries by the probability of their best answer.
struct Reliability {
  std::array<ReliabilityBin, kReliabilityBins> bins = {};

  /// All queries of the bins from `first` on together: above(8) are those from 0.8 on.
  ReliabilityBin above(std::size_t first) const;
  /// Expected calibration error (Naeini 2015): mean over the queries of |promised - right| of their
  /// bins; 0 without queries.
  double error() const;
  bool operator==(const Reliability&) const = default;
};

/// @param promised  probabilities, 0 to 1
/// @param right     for each, 1 if the answer was right
/// @throws Error(config) for lists of different lengths or what is no probability
Reliability make_reliability(std::span<const double> promised, std::span<const std::uint8_t> right);

}  // namespace xalign
