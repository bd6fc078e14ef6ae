#include "linalg/decompositions.h"
#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/spectrum.h>

#include <cmath>

using namespace xalign;
using test::random_matrix;

namespace {

Matrix diagonal(std::initializer_list<float> values) {
  const std::vector<float> list(values);
  const auto n = static_cast<Eigen::Index>(list.size());
  Matrix matrix = Matrix::Zero(n + 3, n);
  for (Eigen::Index i = 0; i < n; ++i) matrix(i, i) = list[static_cast<std::size_t>(i)];
  return matrix;
}

}  // namespace

TEST_CASE("spectrum, condition numbers and effective rank are what a pencil gives") {
  const Spectrum spectrum = measure_spectrum(diagonal({8, 4, 4}));
  REQUIRE(std::abs(spectrum.singular_values[0] - 8) < 1e-9);
  REQUIRE(std::abs(spectrum.singular_values[2] - 4) < 1e-9);
  REQUIRE(std::abs(spectrum.condition_number - 2) < 1e-9);
  // Shares 1/2, 1/4, 1/4: the entropy is 1.5 log 2.
  REQUIRE(std::abs(spectrum.effective_rank - std::pow(2, 1.5)) < 1e-9);
  REQUIRE(std::abs(spectrum.effective_condition_number - 2) < 1e-9);
  const Spectrum steep = measure_spectrum(diagonal({100, 1, 1, 1}));
  REQUIRE(steep.condition_number > 99);
  REQUIRE(steep.effective_condition_number == 1);  // an effective rank of 1.2
}

TEST_CASE("many rows have the spectrum of a decomposition") {
  const Matrix rows = random_matrix(400, 7, 1) * random_matrix(7, 7, 2);
  const VectorD values = svd(rows.cast<double>(), "test").s;
  const Spectrum spectrum = measure_spectrum(rows);
  for (Eigen::Index i = 0; i < 7; ++i)
    REQUIRE(std::abs(spectrum.singular_values[static_cast<std::size_t>(i)] / values[i] - 1) < 1e-9);
}

TEST_CASE("the singular value gap is that of its definition and ignores scale") {
  const Spectrum a = measure_spectrum(diagonal({4, 2})), b = measure_spectrum(diagonal({2, 2}));
  // sum of squares per value: 10 and 4.
  const double first = std::log(4 / std::sqrt(10.0)), second = std::log(2 / std::sqrt(10.0));
  REQUIRE(std::abs(singular_value_gap(a, b) - (first * first + second * second)) < 1e-9);
  REQUIRE(singular_value_gap(a, a) == 0);
  REQUIRE(singular_value_gap(a, measure_spectrum(diagonal({40, 20}))) < 1e-12);
  REQUIRE(std::abs(singular_value_gap(a, measure_spectrum(diagonal({4, 2, 0}))) -
                   singular_value_gap(a, measure_spectrum(diagonal({4, 2, 0, 0})))) < 1e-9);
}

TEST_CASE("a direction that one space alone lacks makes an infinite gap") {
  const Spectrum full = measure_spectrum(diagonal({4, 2, 1}));
  const Spectrum lacking = measure_spectrum(diagonal({4, 2, 0}));
  REQUIRE(measured_rank(full) == 3);
  REQUIRE(measured_rank(lacking) == 2);
  REQUIRE(measured_rank(measure_spectrum(Matrix::Zero(3, 3))) == 0);
  REQUIRE(std::isinf(singular_value_gap(full, lacking)));
  REQUIRE(std::isinf(singular_value_gap(lacking, full)));
  REQUIRE(singular_value_gap(lacking, lacking) == 0);
  // Noise is no direction.
  REQUIRE(singular_value_gap(lacking, measure_spectrum(diagonal({4, 2, 1e-7F}))) < 1e-9);
  // Of a space of more dimensions as many values as the other has.
  REQUIRE(std::isfinite(singular_value_gap(full, measure_spectrum(diagonal({4, 2, 1, 0})))));
}

TEST_CASE("the deviation from orthogonality is 0 for a rotation and grows with stretching") {
  const Matrix rotation = test::random_rotation(6, 3);
  REQUIRE(orthogonality_deviation(rotation) < 1e-5);
  REQUIRE(orthogonality_deviation(rotation.leftCols(4)) < 1e-5);
  REQUIRE(std::abs(orthogonality_deviation(2 * rotation) - 3 * std::sqrt(6.0)) < 1e-4);
}

TEST_CASE("singular matrices have an infinite condition, and empty ones no spectrum") {
  REQUIRE(std::isinf(measure_spectrum(Matrix::Zero(3, 3)).condition_number));
  REQUIRE_THROWS_AS(measure_spectrum(Matrix(0, 3)), Error);
}
