#include "support/catch.hpp"
#include "support/matrices.h"
#include "support/multistep_twin.h"
#include "support/pairs.h"

#include <xalign/error.h>
#include <xalign/linear_maps.h>
#include <xalign/parallel.h>

#include <limits>

using namespace xalign;
using test::diagonal_pairs;
using test::random_matrix;

namespace {

/// sum_i w_i |x_i A - z_i B|^2
double loss(const Matrix& source, const Matrix& target, const std::vector<WordPair>& pairs,
            const Matrix& map) {
  double sum = 0;
  for (const WordPair& pair : pairs)
    sum += pair.weight *
           (source.row(pair.source) * map - target.row(pair.target)).cast<double>().squaredNorm();
  return sum;
}

/// Rows with unequal variances in all directions, as word vectors have them.
Matrix skewed_rows(Eigen::Index rows, Eigen::Index dimension, std::uint64_t seed) {
  Matrix matrix = random_matrix(rows, dimension, seed);
  for (Eigen::Index j = 0; j < dimension; ++j) matrix.col(j) *= 1 + 2 / static_cast<float>(j + 1);
  return matrix * test::random_orthogonal(dimension, seed + 1);
}

double difference(const Matrix& a, const Matrix& b) {
  return (a - b).norm() / (1e-30 + b.norm());
}

std::vector<WordPair> weighted_pairs(Index count) {
  std::vector<WordPair> pairs = diagonal_pairs(count);
  for (Index i = 0; i < count; ++i)
    pairs[static_cast<std::size_t>(i)].weight = 0.25F * static_cast<float>(1 + i % 7);
  return pairs;
}

}  // namespace

TEST_CASE("Procrustes is orthogonal and finds a planted rotation") {
  for (const Eigen::Index d : {1, 2, 7, 40}) {
    const Matrix source = random_matrix(100, d, 1);
    const Matrix rotation = test::random_orthogonal(d, 2);
    const Matrix target = source * rotation;
    const MapPair maps = solve_procrustes(source, target, diagonal_pairs(100));
    REQUIRE(difference(maps.source, rotation) < 1e-5);
    REQUIRE(difference(maps.source.transpose() * maps.source, Matrix::Identity(d, d)) < 1e-6);
    REQUIRE(maps.target.isIdentity(0));
    REQUIRE(maps.rank == d);
  }
}

TEST_CASE("no rotation of the Procrustes map has a smaller loss") {
  const Matrix source = skewed_rows(60, 6, 3), target = skewed_rows(60, 6, 5);
  const std::vector<WordPair> pairs = weighted_pairs(60);
  const Matrix map = solve_procrustes(source, target, pairs).source;
  const double best = loss(source, target, pairs, map);
  for (Eigen::Index i = 0; i < 6; ++i)
    for (Eigen::Index j = 0; j < i; ++j)
      for (const float angle : {-0.05F, 0.05F}) {
        Matrix turn = Matrix::Identity(6, 6);
        turn(i, i) = turn(j, j) = std::cos(angle);
        turn(i, j) = std::sin(angle);
        turn(j, i) = -turn(i, j);
        REQUIRE(loss(source, target, pairs, map * turn) > best);
      }
}

TEST_CASE("a weight of 2 is the pair given twice") {
  const Matrix source = skewed_rows(80, 8, 7), target = skewed_rows(80, 8, 9);
  std::vector<WordPair> weighted = diagonal_pairs(80), repeated = weighted;
  for (std::size_t i = 0; i < 30; ++i) {
    weighted[i].weight = 2;
    repeated.push_back(repeated[i]);
  }
  REQUIRE(difference(solve_procrustes(source, target, weighted).source,
                     solve_procrustes(source, target, repeated).source) < 1e-5);
  REQUIRE(difference(solve_ridge(source, target, weighted, 0.1).source,
                     solve_ridge(source, target, repeated, 0.1).source) < 1e-5);
  for (const bool dewhiten : {true, false}) {
    const MapPair a = solve_multistep(source, target, weighted, {.dewhiten = dewhiten});
    const MapPair b = solve_multistep(source, target, repeated, {.dewhiten = dewhiten});
    REQUIRE(difference(a.source * a.target.transpose(), b.source * b.target.transpose()) < 1e-4);
  }
}

TEST_CASE("the multi-step map is what the equations say") {
  const std::vector<MultistepOptions> variants{
      {},
      {.source_exponent = 1, .target_exponent = 0},
      {.source_exponent = 0, .target_exponent = 0, .dewhiten = false},
      {.ridge = 0.3},
      {.dimensions = 4},
      {.dewhiten = false, .ridge = 0.1, .dimensions = 3},
  };
  for (const auto& [dx, dz] : {std::pair{9, 9}, {9, 6}, {5, 8}})
    for (const MultistepOptions& options : variants) {
      const Matrix source = skewed_rows(120, dx, 11), noise = random_matrix(120, dz, 13);
      const Matrix target = source * random_matrix(dx, dz, 12) + noise;
      const std::vector<WordPair> pairs = weighted_pairs(120);
      const MapPair maps = solve_multistep(source, target, pairs, options);
      const test::TwinMaps twin = test::multistep_twin(source, target, pairs, options);
      // Singular vectors have no sign of their own; products of the maps do.
      const Matrix across = (twin.source * twin.target.transpose()).cast<float>();
      const Matrix within = (twin.source * twin.source.transpose()).cast<float>();
      REQUIRE(maps.source.cols() == twin.source.cols());
      REQUIRE(difference(maps.source * maps.target.transpose(), across) < 1e-4);
      REQUIRE(difference(maps.source * maps.source.transpose(), within) < 1e-4);
      REQUIRE(maps.rank == std::min(dx, dz));
    }
}

TEST_CASE("canonical correlation analysis whitens both sides and correlates them one by one") {
  const Matrix source = skewed_rows(200, 6, 21);
  const Matrix target = source * random_matrix(6, 6, 22) + random_matrix(200, 6, 23);
  const MapPair maps =
      solve_multistep(source, target, diagonal_pairs(200),
                      {.source_exponent = 0, .target_exponent = 0, .dewhiten = false});
  const Matrix x = source * maps.source, z = target * maps.target;
  REQUIRE(difference(x.transpose() * x, Matrix::Identity(6, 6)) < 1e-4);
  REQUIRE(difference(z.transpose() * z, Matrix::Identity(6, 6)) < 1e-4);
  const Matrix correlations = x.transpose() * z;
  REQUIRE(difference(correlations, Matrix(correlations.diagonal().asDiagonal())) < 1e-3);
  for (Eigen::Index i = 1; i < 6; ++i) REQUIRE(correlations(i, i) <= correlations(i - 1, i - 1));
}

TEST_CASE("ridge solves its normal equations and finds a planted map") {
  const Matrix source = skewed_rows(90, 7, 31), planted = random_matrix(7, 4, 32);
  const Matrix target = source * planted;
  const std::vector<WordPair> pairs = diagonal_pairs(90);
  REQUIRE(difference(solve_ridge(source, target, pairs, 0).source, planted) < 1e-4);

  const double lambda = 0.5;
  const Matrix map = solve_ridge(source, target, pairs, lambda).source;
  Matrix covariance = source.transpose() * source;
  covariance.diagonal().array() += static_cast<float>(lambda) * covariance.trace() / 7;
  REQUIRE(difference(covariance * map, source.transpose() * target) < 1e-5);
  REQUIRE(map.norm() < planted.norm());
}

TEST_CASE("fewer pairs than dimensions leave directions out") {
  const Matrix source = random_matrix(50, 20, 41), target = random_matrix(50, 20, 42);
  const std::vector<WordPair> pairs = diagonal_pairs(6);
  const MapPair multistep = solve_multistep(source, target, pairs);
  REQUIRE(multistep.rank == 6);
  REQUIRE(multistep.source.cols() == 6);
  const MapPair ridged = solve_multistep(source, target, pairs, {.ridge = 1});
  REQUIRE(ridged.rank == 6);
  const MapPair procrustes = solve_procrustes(source, target, pairs);
  REQUIRE(procrustes.rank == 6);
  REQUIRE(difference(procrustes.source.transpose() * procrustes.source, Matrix::Identity(20, 20)) <
          1e-5);
  const MapPair ridge = solve_ridge(source, target, pairs, 0);
  REQUIRE(ridge.rank == 6);
  REQUIRE(loss(source, target, pairs, ridge.source) < 1e-6);  // fits them all, of least norm
  for (const MapPair* maps : {&multistep, &ridged, &procrustes, &ridge})
    REQUIRE((maps->source.allFinite() && maps->target.allFinite()));

  REQUIRE(solve_multistep(source, target, diagonal_pairs(1)).rank == 1);
  const std::vector<WordPair> same(30, WordPair{3, 4, 1});
  REQUIRE(solve_multistep(source, target, same).rank == 1);
}

TEST_CASE("the lengths of the vectors do not matter, however large or small") {
  const Matrix source = skewed_rows(60, 5, 51), target = skewed_rows(60, 5, 53);
  const std::vector<WordPair> pairs = diagonal_pairs(60);
  std::vector<WordPair> heavy = pairs;
  for (WordPair& pair : heavy) pair.weight = 1e30F;
  const Matrix map = solve_procrustes(source, target, pairs).source;
  const MapPair multistep = solve_multistep(source, target, pairs);
  for (const float scale : {1e-30F, 1e30F}) {
    const Matrix scaled = source * scale;
    REQUIRE(difference(solve_procrustes(scaled, target, heavy).source, map) < 1e-5);
    const MapPair maps = solve_multistep(scaled, target, heavy);
    REQUIRE(difference(maps.source * maps.target.transpose(),
                       multistep.source * multistep.target.transpose()) < 1e-4);
    REQUIRE(difference(solve_ridge(scaled, target, pairs, 0.1).source * scale,
                       solve_ridge(source, target, pairs, 0.1).source) < 1e-4);
  }
}

TEST_CASE("maps have the same bytes for any number of threads") {
  const Matrix source = random_matrix(9000, 24, 61), target = random_matrix(9000, 24, 62);
  const std::vector<WordPair> pairs = weighted_pairs(9000);
  const auto solve = [&](int threads) {
    const ThreadLimit limit(threads);
    return solve_multistep(source, target, pairs);
  };
  const MapPair one = solve(1), three = solve(3);
  REQUIRE(one.source == three.source);
  REQUIRE(one.target == three.target);
}

TEST_CASE("what cannot be solved is refused") {
  const Matrix source = random_matrix(10, 4, 71), other = random_matrix(10, 3, 72);
  const auto pairs = diagonal_pairs(10);
  const auto kind_of = [](const auto& call) {
    try {
      call();
    } catch (const Error& error) {
      return error.kind();
    }
    throw std::logic_error("not refused");
  };
  REQUIRE(kind_of([&] { solve_procrustes(source, other, pairs); }) == ErrorKind::data);
  REQUIRE(kind_of([&] { solve_procrustes(source, source, {}); }) == ErrorKind::config);
  REQUIRE(kind_of([&] { solve_ridge(source, source, diagonal_pairs(11), 0); }) == ErrorKind::data);
  REQUIRE(kind_of([&] { solve_ridge(source, source, pairs, -1); }) == ErrorKind::config);
  REQUIRE(kind_of([&] { solve_multistep(source, source, pairs, {.source_exponent = 2}); }) ==
          ErrorKind::config);
  REQUIRE(kind_of([&] { solve_multistep(source, source, pairs, {.dimensions = -1}); }) ==
          ErrorKind::config);
  for (const float weight : {0.0F, -1.0F, std::numeric_limits<float>::quiet_NaN()}) {
    const std::vector<WordPair> bad{{0, 0, weight}};
    REQUIRE(kind_of([&] { solve_procrustes(source, source, bad); }) == ErrorKind::data);
  }
  const Matrix zero = Matrix::Zero(10, 4);
  REQUIRE(kind_of([&] { solve_procrustes(zero, source, pairs); }) == ErrorKind::data);
  Matrix infinite = source;
  infinite(2, 1) = std::numeric_limits<float>::infinity();
  REQUIRE(kind_of([&] { solve_multistep(infinite, source, pairs); }) == ErrorKind::data);
}
