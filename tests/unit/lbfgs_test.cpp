#include "linalg/lbfgs.h"

#include "support/catch.hpp"

#include <cmath>

using namespace xalign;

namespace {

double rosenbrock(const VectorD& x, VectorD& gradient) {
  double value = 0;
  gradient.setZero();
  for (Eigen::Index i = 0; i + 1 < x.size(); ++i) {
    const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
    value += 100 * a * a + b * b;
    gradient[i] += -400 * a * x[i] - 2 * b;
    gradient[i + 1] += 200 * a;
  }
  return value;
}

}  // namespace

TEST_CASE("L-BFGS finds the minimum of a curved valley") {
  const LbfgsResult found = minimize(rosenbrock, VectorD::Constant(10, -1.2), {.iterations = 500});
  CHECK(found.converged);
  CHECK(found.value < 1e-10);
  CHECK((found.x - VectorD::Ones(10)).norm() < 1e-4);
}

TEST_CASE("L-BFGS needs few steps for a quadratic and says when it is cut off") {
  const VectorD curvature = VectorD::LinSpaced(30, 1, 1000), center = VectorD::LinSpaced(30, -1, 1);
  const Objective quadratic = [&](const VectorD& x, VectorD& gradient) {
    gradient = curvature.cwiseProduct(x - center);
    return (x - center).dot(gradient) / 2;
  };
  const LbfgsResult found = minimize(quadratic, VectorD::Zero(30));
  CHECK(found.converged);
  CHECK((found.x - center).norm() < 1e-6);
  CHECK(found.iterations < 100);
  CHECK_FALSE(minimize(quadratic, VectorD::Zero(30), {.iterations = 3}).converged);
  CHECK(minimize(quadratic, center).iterations == 0);
  CHECK(minimize([](const VectorD&, VectorD&) { return 0.0; }, VectorD()).converged);
}

TEST_CASE("L-BFGS stops when it hardly gains, where rounding hides the minimum") {
  int calls = 0;
  const Objective coarse = [&](const VectorD& x, VectorD& gradient) {
    ++calls;
    return static_cast<double>(static_cast<float>(rosenbrock(x, gradient)));
  };
  const LbfgsResult found = minimize(coarse, VectorD::Constant(10, -1.2),
                                     {.iterations = 500, .tolerance = 0, .gain = 1e-6});
  CHECK(found.value < 1e-4);
  CHECK(calls < 3 * found.iterations);
}
