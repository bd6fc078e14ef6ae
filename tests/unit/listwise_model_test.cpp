#include "mapping/listwise_model.h"

#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/parallel.h>

#include <cmath>

using namespace xalign;

namespace {

/// Lists of 6 candidates whose right one is drawn with probabilities softmax(w . f).
struct Drawn {
  CandidateFeatures features;
  std::vector<std::uint8_t> gold;
};

Drawn draw(Eigen::Index lists, const VectorD& coefficients) {
  Drawn drawn;
  Random random(5);
  drawn.features.values = test::random_matrix(lists * 6, coefficients.size(), 4);
  for (Eigen::Index list = 0; list < lists; ++list)
    drawn.features.begins.push_back(drawn.features.begins.back() + 6);
  const auto probabilities = listwise_probabilities(drawn.features, coefficients);
  drawn.gold.assign(probabilities.size(), 0);
  for (std::size_t list = 0; list < drawn.features.lists(); ++list) {
    double left = random.uniform();
    std::size_t row = drawn.features.begins[list];
    while (row + 1 < drawn.features.begins[list + 1] &&
           left > static_cast<double>(probabilities[row]))
      left -= static_cast<double>(probabilities[row++]);
    drawn.gold[row] = 1;
  }
  return drawn;
}

}  // namespace

TEST_CASE("the listwise model finds the coefficients that lists were drawn with") {
  VectorD coefficients(4);
  coefficients << 2, -1, 0.5, 0;
  const Drawn drawn = draw(4000, coefficients);
  const VectorD fitted = fit_listwise(drawn.features, drawn.gold, {.l2 = 1e-6});
  CHECK((fitted - coefficients).cwiseAbs().maxCoeff() < 0.15);
  CHECK(fit_listwise(drawn.features, drawn.gold, {.l2 = 1}).norm() < fitted.norm() / 2);
}

TEST_CASE("units of features and what a list has in common do not matter") {
  VectorD coefficients(3);
  coefficients << 1, -1, 0.3;
  Drawn drawn = draw(500, coefficients);
  const VectorD before = fit_listwise(drawn.features, drawn.gold);
  const auto probabilities = listwise_probabilities(drawn.features, before);
  for (std::size_t list = 0; list < drawn.features.lists(); ++list)
    drawn.features.values.middleRows(static_cast<Eigen::Index>(list) * 6, 6).col(1).array() +=
        static_cast<float>(list % 10);
  drawn.features.values.col(0) *= 1000;
  const VectorD after = fit_listwise(drawn.features, drawn.gold);
  CHECK(std::abs(after[0] * 1000 - before[0]) < 1e-3);
  CHECK(std::abs(after[1] - before[1]) < 1e-3);
  const auto same = listwise_probabilities(drawn.features, after);
  for (std::size_t i = 0; i < same.size(); ++i)
    REQUIRE(std::abs(same[i] - probabilities[i]) < 1e-3);
}

TEST_CASE("the listwise model is the same for any number of threads") {
  const Drawn drawn = draw(1000, VectorD::Ones(5));
  const VectorD many = fit_listwise(drawn.features, drawn.gold);
  const ThreadLimit one(1);
  CHECK(fit_listwise(drawn.features, drawn.gold) == many);
}

TEST_CASE("lists that tell nothing") {
  CandidateFeatures features;
  CHECK(fit_listwise(features, {}).size() == 0);
  features.values = test::random_matrix(3, 2, 1);
  features.begins = {0, 0, 1, 3};  // none, one and two candidates
  CHECK(fit_listwise(features, {1, 0, 0}).isZero());
  CHECK(fit_listwise(features, {1, 1, 1}).isZero());
  const auto probabilities = listwise_probabilities(features, VectorD::Zero(2));
  CHECK(probabilities == std::vector<float>{1, 0.5F, 0.5F});
}

TEST_CASE("the listwise model learns from the lists and features it is told to") {
  VectorD coefficients(4);
  coefficients << 2, -1, 0.5, 0;
  const Drawn drawn = draw(600, coefficients);
  ListwiseOptions options{.features = {2, 0}};
  for (std::size_t list = 0; list < 600; list += 2) options.lists.push_back(list);
  Drawn part{{Matrix(300 * 6, 2), {0}}, {}};
  for (Eigen::Index i = 0; i < 300 * 6; ++i) {
    const Eigen::Index row = i / 6 * 12 + i % 6;
    part.features.values.row(i) << drawn.features.values(row, 2), drawn.features.values(row, 0);
    part.gold.push_back(drawn.gold[static_cast<std::size_t>(row)]);
    if (i % 6 == 5) part.features.begins.push_back(static_cast<std::size_t>(i) + 1);
  }
  const VectorD fitted = fit_listwise(drawn.features, drawn.gold, options);
  const VectorD expected = fit_listwise(part.features, part.gold);
  CHECK(std::abs(fitted[2] - expected[0]) < 1e-4);
  CHECK(std::abs(fitted[0] - expected[1]) < 1e-4);
  CHECK(fitted[1] == 0);
  CHECK(fitted[3] == 0);
  // Where it begins does not matter.
  options.start = coefficients;
  CHECK((fit_listwise(drawn.features, drawn.gold, options) - fitted).cwiseAbs().maxCoeff() < 1e-2);
}

TEST_CASE("right candidates that are hopeless pull as hard as any") {
  // exp(-1000) is 0 in any floating-point number.
  CandidateFeatures features;
  features.values = (Matrix(4, 1) << 0, 1000, 1, 0).finished();
  features.begins = {0, 2, 4};
  const VectorD fitted = fit_listwise(features, {1, 0, 0, 1}, {.start = VectorD::Constant(1, 1)});
  CHECK(std::isfinite(fitted[0]));
  CHECK(fitted[0] < 0);
}
