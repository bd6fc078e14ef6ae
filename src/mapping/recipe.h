#pragma once

#include <xalign/normalize.h>

namespace xalign {

/// @throws Error(config) for a parameter out of range
void validate(const NormalizeStep& step);

std::string to_string(const NormalizeStep& step);

}  // namespace xalign
