#pragma once

#include "linalg/decompositions.h"

#include <functional>

namespace xalign {

struct LbfgsOptions {
  int iterations = 200;     // at most
  int memory = 10;          // pairs of steps and gradients kept
  double tolerance = 1e-6;  // stop when no component of the gradient is larger
  double gain = 0;          // or when the last five iterations lower the value by no more than this
};

struct LbfgsResult {
  VectorD x;
  double value = 0;
  int iterations = 0;
  bool converged = false;
};

/// Value at x; puts the gradient there into `gradient`, which has its size already.
using Objective = std::function<double(const VectorD& x, VectorD& gradient)>;

/// Minimises a smooth function by limited-memory BFGS (Nocedal 1980) with a line search for the
/// weak Wolfe conditions by bisection. Nothing random: the same function gives the same bytes.
LbfgsResult minimize(const Objective& objective, VectorD start, const LbfgsOptions& options = {});

}  // namespace xalign
