#pragma once

#include "output.h"

#include <xalign/reliability.h>

#include <string>

namespace xalign::cli {

/// A table of the bins that have queries, and a line of those from 0.8 on.
std::string reliability_text(const Reliability& reliability);
/// "bins" of "from", "queries", "promised", "right"; "error"; "above_0.8".
Json reliability_json(const Reliability& reliability);

}  // namespace xalign::cli
