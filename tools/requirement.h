#pragma once

#include <xalign/bli.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace xalign::cli {

/// `--require [RETRIEVAL:]METRIC=RATE`: a score that must be reached, over covered queries.
struct Requirement {
  std::optional<Retrieval> retrieval;  ///< absent: csls if it was computed, else the first
  int k = 0;                           ///< of P@k; 0 = MRR
  double rate = 0;                     ///< 0 to 1
  std::string text;                    ///< as given
};

/// Reads one or several, separated by commas.
/// @throws Error(config)
std::vector<Requirement> parse_requirements(const std::string& text);

/// Refuses what will not be computed.
/// @throws Error(config)
void check_computable(std::span<const Requirement> requirements, const BliOptions& options);

/// What a requirement asks for that was not reached, as an error line; empty when it was.
std::string failure(const Requirement& requirement, const BliOptions& options,
                    const BliResult& result);

}  // namespace xalign::cli
