#pragma once

#include "linalg/topk_kernels.h"

#include <string>

namespace xalign {

/// The kernels of a named instruction set, the best for an empty name.
/// @throws Error(config) listing the names that this processor can run
const TopkKernels& topk_kernels(const std::string& isa = {});

}  // namespace xalign
