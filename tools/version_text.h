#pragma once

#include <string>

namespace xalign::cli {

/// What `--version` prints: version, instruction sets, libraries.
std::string version_text();

}  // namespace xalign::cli
