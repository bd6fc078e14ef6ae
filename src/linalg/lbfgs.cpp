#include "linalg/lbfgs.h"

#include <cmath>
#include <deque>
#include <limits>
#include <vector>

namespace xalign {
namespace {

struct Point {
  VectorD x;
  VectorD gradient;
  double value = 0;
};

struct Curvature {
  VectorD step;    // s
  VectorD change;  // y, of the gradient
  double rho = 0;  // 1 / s'y
};

/// -H g, H the inverse Hessian that the remembered pairs stand for (two-loop recursion).
VectorD descent_direction(const VectorD& gradient, const std::deque<Curvature>& memory) {
  VectorD direction = -gradient;
  std::vector<double> alpha(memory.size());
  for (std::size_t i = memory.size(); i-- > 0;) {
    alpha[i] = memory[i].rho * memory[i].step.dot(direction);
    direction -= alpha[i] * memory[i].change;
  }
  if (!memory.empty()) {
    const Curvature& last = memory.back();
    direction *= 1 / (last.rho * last.change.squaredNorm());
  }
  for (std::size_t i = 0; i < memory.size(); ++i) {
    const double beta = memory[i].rho * memory[i].change.dot(direction);
    direction += (alpha[i] - beta) * memory[i].step;
  }
  return direction;
}

/// A point along `direction` that is lower by enough and where the slope has risen by enough.
/// False when there is none in double precision.
bool search_line(const Objective& objective, const Point& from, const VectorD& direction,
                 double first, Point& to) {
  constexpr double kDecrease = 1e-4, kCurvature = 0.9;
  constexpr int kTrials = 50;
  const double slope = from.gradient.dot(direction);
  double low = 0, high = std::numeric_limits<double>::infinity(), length = first;
  for (int trial = 0; trial < kTrials; ++trial) {
    to.x = from.x + length * direction;
    to.value = objective(to.x, to.gradient);
    const bool lower = to.value <= from.value + kDecrease * length * slope;  // false for NaN
    if (!lower)
      high = length;
    else if (to.gradient.dot(direction) < kCurvature * slope)
      low = length;
    else
      return true;
    length = std::isinf(high) ? 2 * low : (low + high) / 2;
  }
  return to.value < from.value;
}

}  // namespace

LbfgsResult minimize(const Objective& objective, VectorD start, const LbfgsOptions& options) {
  Point at{std::move(start), {}, 0};
  at.gradient.setZero(at.x.size());
  at.value = objective(at.x, at.gradient);
  Point next{at.x, at.gradient, 0};
  std::deque<Curvature> memory;
  std::deque<double> values;  // of the last iterations
  LbfgsResult result;
  constexpr std::size_t kLooksBack = 5;
  const auto flat = [&] { return at.gradient.lpNorm<Eigen::Infinity>() <= options.tolerance; };
  while (at.x.size() > 0 && !flat() && result.iterations < options.iterations) {
    const VectorD direction = descent_direction(at.gradient, memory);
    const double first = memory.empty() ? 1 / std::max(1.0, at.gradient.norm()) : 1;
    if (!search_line(objective, at, direction, first, next)) break;
    Curvature curvature{next.x - at.x, next.gradient - at.gradient, 0};
    const double product = curvature.step.dot(curvature.change);
    if (product > 0) {
      curvature.rho = 1 / product;
      memory.push_back(std::move(curvature));
      if (memory.size() > static_cast<std::size_t>(options.memory)) memory.pop_front();
    }
    std::swap(at, next);
    ++result.iterations;
    values.push_back(at.value);
    if (values.size() <= kLooksBack) continue;
    if (options.gain > 0 && values.front() - at.value <= options.gain) break;
    values.pop_front();
  }
  result.converged = at.x.size() == 0 || flat();
  result.x = std::move(at.x);
  result.value = at.value;
  return result;
}

}  // namespace xalign
