#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/margin.h>
#include <xalign/parallel.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

using namespace xalign;

namespace {

/// The definitions: every pair is scored.
struct Brute {
  Eigen::MatrixXd cosines;
  std::vector<double> source_means, target_means;

  Brute(const Matrix& source, const Matrix& target, int k)
      : cosines(source.cast<double>() * target.cast<double>().transpose()) {
    const auto mean = [&](auto row) {
      std::vector<double> values(row.begin(), row.end());
      std::sort(values.rbegin(), values.rend());
      values.resize(std::min<std::size_t>(values.size(), static_cast<std::size_t>(k)));
      double sum = 0;
      for (const double value : values) sum += value;
      return sum / static_cast<double>(values.size());
    };
    for (Eigen::Index i = 0; i < cosines.rows(); ++i) source_means.push_back(mean(cosines.row(i)));
    for (Eigen::Index j = 0; j < cosines.cols(); ++j) target_means.push_back(mean(cosines.col(j)));
  }

  std::vector<Index> best(const std::function<double(double, double)>& margin) const {
    std::vector<Index> best;
    for (Eigen::Index i = 0; i < cosines.rows(); ++i) {
      Index at = 0;
      double highest = -std::numeric_limits<double>::infinity();
      for (Eigen::Index j = 0; j < cosines.cols(); ++j) {
        const double value = margin(cosines(i, j), source_means[static_cast<std::size_t>(i)] +
                                                       target_means[static_cast<std::size_t>(j)]);
        if (value > highest) {
          highest = value;
          at = static_cast<Index>(j);
        }
      }
      best.push_back(at);
    }
    return best;
  }
};

/// Unit rows that crowd around a few directions, so that hubs arise and margins disagree.
Matrix crowded_rows(Eigen::Index rows, std::uint64_t seed) {
  Matrix matrix = test::random_matrix(rows, 12, seed);
  const Matrix directions = test::random_matrix(3, 12, 99);
  for (Eigen::Index i = 0; i < rows; ++i)
    matrix.row(i) += static_cast<float>(i % 7) * directions.row(i % 3);
  matrix.rowwise().normalize();
  return matrix;
}

}  // namespace

TEST_CASE("margins find the partners that scoring every pair finds") {
  const Matrix source = crowded_rows(300, 1), target = crowded_rows(400, 2);
  const auto found =
      match_by_margin(source, target, {Margin::absolute, Margin::distance, Margin::ratio});
  REQUIRE(found.size() == 3);
  const Brute brute(source, target, 4);
  CHECK(found[0].target == brute.best([](double c, double) { return c; }));
  CHECK(found[1].target == brute.best([](double c, double sum) { return c - sum / 2; }));
  CHECK(found[2].target == brute.best([](double c, double sum) { return c / (sum / 2); }));
  CHECK(found[0].target != found[1].target);
  CHECK(found[1].target != found[2].target);
  const auto j = found[2].target[5];
  const double sum = brute.source_means[5] + brute.target_means[static_cast<std::size_t>(j)];
  CHECK(std::abs(found[2].margin[5] - brute.cosines(5, j) / (sum / 2)) < 1e-6);
  const ThreadLimit one(1);
  CHECK(match_by_margin(source, target, {Margin::ratio})[0].margin == found[2].margin);
}

TEST_CASE("a ratio to means below zero is to almost nothing") {
  Matrix source(1, 2), target(2, 2);
  source << 1, 0;
  target << -1, 0, 0, -1;
  const auto found = match_by_margin(source, target, {Margin::ratio}, {.neighbors = 2});
  CHECK(found[0].target[0] == 1);  // a cosine of 0, not of -1
}

TEST_CASE("margins refuse neighbours out of range") {
  const Matrix rows = Matrix::Identity(3, 3);
  CHECK_THROWS_AS(match_by_margin(rows, rows, {Margin::ratio}, {.neighbors = 0}), Error);
}
