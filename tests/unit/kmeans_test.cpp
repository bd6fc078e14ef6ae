#include "linalg/kmeans.h"

#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/parallel.h>

#include <limits>
#include <set>

using namespace xalign;
using test::random_matrix;

namespace {

/// `per_cluster` rows around each of `clusters` far points, cluster after cluster.
Matrix planted(int clusters, int per_cluster, std::uint64_t seed) {
  const Matrix points = 10 * random_matrix(clusters, 12, seed);
  Matrix rows = random_matrix(clusters * per_cluster, 12, seed + 1) * 0.5F;
  for (Eigen::Index i = 0; i < rows.rows(); ++i) rows.row(i) += points.row(i / per_cluster);
  return rows;
}

double distance(const Matrix& rows, Eigen::Index i, const Matrix& centers, Eigen::Index c) {
  return (rows.row(i) - centers.row(c)).cast<double>().squaredNorm();
}

}  // namespace

TEST_CASE("well separated clusters are found") {
  const Matrix rows = planted(7, 150, 1);
  const KmeansResult result = find_clusters(rows, {.clusters = 7});
  REQUIRE(result.converged);
  std::set<Index> names;
  for (int c = 0; c < 7; ++c) {
    const Index name = result.assignment[static_cast<std::size_t>(c) * 150];
    names.insert(name);
    for (std::size_t i = 0; i < 150; ++i)
      REQUIRE(result.assignment[static_cast<std::size_t>(c) * 150 + i] == name);
    const RowVector mean = rows.middleRows(c * 150, 150).colwise().mean();
    REQUIRE((result.centers.row(name) - mean).norm() < 1e-4);
  }
  REQUIRE(names.size() == 7);
}

TEST_CASE("rows belong to the nearest centre, and centres are the means of their rows") {
  const Matrix rows = random_matrix(1000, 10, 3);
  const KmeansResult result = find_clusters(rows, {.clusters = 20, .max_iterations = 500});
  REQUIRE(result.converged);
  double inertia = 0;
  int nearer = 0;
  Matrix sums = Matrix::Zero(20, 10);
  Eigen::VectorXf counts = Eigen::VectorXf::Zero(20);
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    const Index own = result.assignment[static_cast<std::size_t>(i)];
    for (Eigen::Index c = 0; c < 20; ++c)
      if (distance(rows, i, result.centers, c) < distance(rows, i, result.centers, own) - 1e-4)
        ++nearer;
    inertia += distance(rows, i, result.centers, own);
    sums.row(own) += rows.row(i);
    ++counts[own];
  }
  REQUIRE(nearer == 0);
  for (Eigen::Index c = 0; c < 20; ++c)
    REQUIRE((sums.row(c) / counts[c] - result.centers.row(c)).norm() < 1e-4);
  REQUIRE(std::abs(inertia - result.inertia) < 1e-6 * inertia);
}

TEST_CASE("more starts are never worse") {
  const Matrix rows = random_matrix(400, 4, 5);
  const double one = find_clusters(rows, {.clusters = 12}).inertia;
  REQUIRE(find_clusters(rows, {.clusters = 12, .starts = 8}).inertia <= one);
}

TEST_CASE("equal rows and as many clusters as rows leave no cluster undefined") {
  Matrix equal = Matrix::Constant(30, 3, 0.25F);
  const KmeansResult flat = find_clusters(equal, {.clusters = 4});
  REQUIRE(flat.centers.allFinite());
  REQUIRE(flat.inertia == 0);
  const Matrix few = random_matrix(6, 3, 7);
  const KmeansResult each = find_clusters(few, {.clusters = 6});
  REQUIRE(std::set<Index>(each.assignment.begin(), each.assignment.end()).size() == 6);
  REQUIRE(each.inertia < 1e-9);
}

TEST_CASE("clusters are the same bytes for any number of threads, and follow the seed") {
  const Matrix rows = random_matrix(5000, 8, 9);
  KmeansResult one, three;
  {
    const ThreadLimit limit(1);
    one = find_clusters(rows, {.clusters = 6, .seed = 3, .max_iterations = 10});
  }
  {
    const ThreadLimit limit(3);
    three = find_clusters(rows, {.clusters = 6, .seed = 3, .max_iterations = 10});
  }
  REQUIRE(one.centers == three.centers);
  REQUIRE(one.assignment == three.assignment);
  REQUIRE(one.inertia == three.inertia);
  REQUIRE(find_clusters(rows, {.clusters = 6, .seed = 4, .max_iterations = 10}).centers !=
          one.centers);
}

TEST_CASE("what cannot be clustered is refused") {
  Matrix rows = random_matrix(5, 3, 11);
  REQUIRE_THROWS_AS(find_clusters(rows, {.clusters = 6}), Error);
  REQUIRE_THROWS_AS(find_clusters(rows, {.clusters = 0}), Error);
  rows(2, 1) = std::numeric_limits<float>::quiet_NaN();
  REQUIRE_THROWS_AS(find_clusters(rows, {.clusters = 2}), Error);
}
