#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/normalize.h>
#include <xalign/parallel.h>

#include <limits>
#include <string>

using namespace xalign;
using test::random_matrix;

namespace {

constexpr const char* kRecipes[] = {"none",
                                    "unit",
                                    "unit,center,unit",
                                    "iternorm:3",
                                    "abtt:2",
                                    "unit,zca",
                                    "zca:0.01,abtt,unit",
                                    "outliers:3",
                                    "unit,cbie:4,2,unit"};

std::string message_of(const char* recipe) {
  try {
    parse_normalize_recipe(recipe);
  } catch (const Error& error) {
    REQUIRE(error.kind() == ErrorKind::config);
    return error.what();
  }
  return "accepted";
}

Eigen::MatrixXd covariance(const Matrix& rows) {
  const Eigen::MatrixXd x = rows.cast<double>();
  const Eigen::MatrixXd centered = x.rowwise() - x.colwise().mean();
  return centered.transpose() * centered / static_cast<double>(rows.rows());
}

Matrix shifted_rows(Eigen::Index rows, Eigen::Index dimension, std::uint64_t seed) {
  Matrix matrix =
      random_matrix(rows, dimension, seed) * random_matrix(dimension, dimension, seed + 1);
  matrix.rowwise() += random_matrix(1, dimension, seed + 2).row(0);
  return matrix;
}

}  // namespace

TEST_CASE("recipes read back as they print") {
  for (const char* text : kRecipes)
    REQUIRE(parse_normalize_recipe(to_string(parse_normalize_recipe(text))) ==
            parse_normalize_recipe(text));
  REQUIRE(to_string(parse_normalize_recipe(" unit, iternorm ,abtt,zca")) ==
          "unit,iternorm:5,abtt:1,zca:1e-06");
  REQUIRE(to_string(parse_normalize_recipe("cbie,outliers,cbie:9, cbie:8 , 3,unit")) ==
          "cbie:27,12,outliers:5,cbie:9,12,cbie:8,3,unit");
  REQUIRE(parse_normalize_recipe("none").empty());
}

TEST_CASE("a bad recipe is named, with the known steps and the one that was meant") {
  REQUIRE(message_of("unit,centre") ==
          "normalize: unknown step 'centre' (expected unit, center, iternorm, abtt, zca, outliers, "
          "cbie or none); did you mean 'center'?");
  REQUIRE(message_of("whiten").find("did you mean") == std::string::npos);
  for (const char* text : {"",           "unit,",     ",",         "unit:2",     "iternorm:0",
                           "iternorm:x", "iternorm:", "abtt:-1",   "abtt:1.5",   "zca:0",
                           "zca:nan",    "zca:-1",    "unit,none", "unit,2",     "iternorm:2,3",
                           "cbie:2,3,4", "cbie:0,1",  "cbie:2,",   "outliers:0", "outliers:2,2"}) {
    CAPTURE(text);
    REQUIRE(message_of(text).find("expected") != std::string::npos);
  }
}

TEST_CASE("rows come to length 1 at any scale, and zero rows stay zero") {
  Matrix rows = random_matrix(700, 33, 1);
  rows.row(0) *= 1e30F;
  rows.row(1) *= 1e-30F;
  rows.row(2).setZero();
  rows.row(3).setZero();
  rows(3, 5) = std::numeric_limits<float>::denorm_min();
  rows.row(4).setConstant(std::numeric_limits<float>::max());
  REQUIRE(normalize_rows(rows) == 1);
  for (Eigen::Index i = 0; i < rows.rows(); ++i)
    REQUIRE(std::abs(rows.row(i).norm() - (i == 2 ? 0 : 1)) < 1e-6);
}

TEST_CASE("centered columns have mean zero") {
  Matrix rows = shifted_rows(1500, 10, 2);
  Normalizer::fit(parse_normalize_recipe("center"), rows);
  REQUIRE(rows.cast<double>().colwise().mean().cwiseAbs().maxCoeff() < 1e-6);
}

TEST_CASE("iterative normalisation is its steps written out") {
  Matrix a = shifted_rows(600, 8, 3), b = a;
  Normalizer::fit(parse_normalize_recipe("iternorm:2"), a);
  Normalizer::fit(parse_normalize_recipe("unit,center,unit,center,unit"), b);
  REQUIRE(a == b);
}

TEST_CASE("all-but-the-top removes the directions of most variance") {
  Matrix rows = random_matrix(2000, 12, 4);
  const RowVector planted = random_matrix(1, 12, 5).row(0).normalized();
  rows += 20 * random_matrix(2000, 1, 6) * planted;
  rows.rowwise() += random_matrix(1, 12, 7).row(0);
  const Normalizer normalizer = Normalizer::fit(parse_normalize_recipe("abtt:1"), rows);
  const Matrix& direction = normalizer.operations().back().values;
  REQUIRE(std::abs(std::abs(direction.row(0).dot(planted)) - 1) < 1e-3);
  REQUIRE((rows * direction.transpose()).cwiseAbs().maxCoeff() < 1e-4);
  REQUIRE(covariance(rows).trace() > 10);  // the other directions keep theirs
}

TEST_CASE("whitened rows have covariance one") {
  Matrix rows = shifted_rows(3000, 9, 8);
  Normalizer::fit(parse_normalize_recipe("zca:1e-9"), rows);
  REQUIRE((covariance(rows) - Eigen::MatrixXd::Identity(9, 9)).cwiseAbs().maxCoeff() < 1e-3);
}

TEST_CASE("whitening does not blow up directions without variance") {
  Matrix flat = random_matrix(500, 3, 9) * random_matrix(3, 10, 10);
  Normalizer::fit(parse_normalize_recipe("zca"), flat);
  REQUIRE(flat.allFinite());
  REQUIRE(flat.cwiseAbs().maxCoeff() < 10);
  Matrix equal = Matrix::Constant(20, 4, 0.5F);
  Normalizer::fit(parse_normalize_recipe("zca"), equal);
  REQUIRE(equal.isZero(0));
}

TEST_CASE("columns that stand apart are set to zero, the others stay as they are") {
  Matrix rows = random_matrix(800, 40, 21);
  rows.col(3).array() += 9;
  rows.col(17) *= 6;
  const Matrix before = rows;
  Normalizer::fit(parse_normalize_recipe("outliers:8"), rows);
  for (Eigen::Index c = 0; c < rows.cols(); ++c)
    REQUIRE(rows.col(c) == (c == 3 || c == 17 ? Matrix::Zero(800, 1) : Matrix(before.col(c))));
}

TEST_CASE("clusters are centered and lose their own first directions") {
  const Matrix centers = 20 * random_matrix(3, 8, 22), directions = random_matrix(3, 8, 23);
  Matrix rows = 0.1F * random_matrix(900, 8, 24);
  const Matrix along = random_matrix(900, 1, 25);
  for (Eigen::Index i = 0; i < 900; ++i)
    rows.row(i) += centers.row(i % 3) + along(i, 0) * directions.row(i % 3);
  const Normalizer normalizer = Normalizer::fit(parse_normalize_recipe("cbie:3,1"), rows);
  // What is left is the noise, of mean zero in each cluster.
  REQUIRE(rows.cwiseAbs().maxCoeff() < 0.7);
  for (Eigen::Index c = 0; c < 3; ++c)
    REQUIRE(Matrix(rows(Eigen::seq(c, 899, 3), Eigen::all)).colwise().mean().norm() < 1e-5);
  // Other rows are treated like those of their cluster.
  Matrix other = centers.row(1) + 3 * directions.row(1);
  normalizer.apply(other);
  REQUIRE(other.norm() < 0.1);
}

TEST_CASE("groups are centered by their own means") {
  const Matrix original = shifted_rows(1500, 6, 26);
  std::vector<Index> of_row;
  for (Index i = 0; i < 1500; ++i) of_row.push_back(i % 7 < 2 ? 0 : 1);
  const RowGroups groups{of_row, 2};
  Matrix rows = original;
  const Normalizer normalizer =
      Normalizer::fit(parse_normalize_recipe("unit,center,unit"), rows, groups);
  REQUIRE(normalizer.groups() == 2);
  for (const Index group : {0, 1}) {
    std::vector<Index> members;
    for (Index i = 0; i < 1500; ++i)
      if (of_row[static_cast<std::size_t>(i)] == group) members.push_back(i);
    Matrix alone = original(members, Eigen::all);
    Normalizer::fit(parse_normalize_recipe("unit,center,unit"), alone);
    REQUIRE((alone - rows(members, Eigen::all)).cwiseAbs().maxCoeff() < 1e-6);
  }
  Matrix applied = original;
  normalizer.apply(applied, groups);
  REQUIRE(applied == rows);
  REQUIRE_THROWS_AS(normalizer.apply(applied), Error);
  REQUIRE_THROWS_AS(normalizer.apply(applied, {std::span(of_row).first(1499), 2}), Error);
  of_row[3] = 2;
  REQUIRE_THROWS_AS(Normalizer::fit(parse_normalize_recipe("center"), rows, groups), Error);
}

TEST_CASE("rows that were fitted are as `apply` makes them") {
  for (const char* text : kRecipes) {
    CAPTURE(text);
    const Matrix original = shifted_rows(1300, 15, 11);
    Matrix fitted = original, applied = original, part = original.middleRows(700, 9);
    const Normalizer normalizer = Normalizer::fit(parse_normalize_recipe(text), fitted);
    normalizer.apply(applied);
    REQUIRE(fitted == applied);
    normalizer.apply(part);
    REQUIRE((part - fitted.middleRows(700, 9)).cwiseAbs().maxCoeff() < 1e-5);
  }
}

TEST_CASE("normalisation gives the same bytes for any number of threads") {
  for (const char* text : kRecipes) {
    Matrix one = shifted_rows(5000, 20, 12), three = one;
    {
      const ThreadLimit limit(1);
      Normalizer::fit(parse_normalize_recipe(text), one);
    }
    const ThreadLimit limit(3);
    Normalizer::fit(parse_normalize_recipe(text), three);
    REQUIRE(one == three);
  }
}

TEST_CASE("columns of a larger matrix are normalised in their place") {
  Matrix wide = random_matrix(600, 20, 13);
  Matrix part = wide.leftCols(8), rest = wide.rightCols(12);
  Normalizer::fit(parse_normalize_recipe("unit,center,abtt:1"), part);
  Normalizer::fit(parse_normalize_recipe("unit,center,abtt:1"), wide.leftCols(8));
  REQUIRE(wide.leftCols(8) == part);
  REQUIRE(wide.rightCols(12) == rest);
}

TEST_CASE("no rows and single rows are normalised without harm") {
  for (const char* text : kRecipes)
    for (const Eigen::Index count : {0, 1, 2}) {
      Matrix rows = random_matrix(count, 5, 14);
      Normalizer::fit(parse_normalize_recipe(text), rows);
      REQUIRE(rows.allFinite());
    }
}

TEST_CASE("what cannot be normalised is refused") {
  Matrix rows = random_matrix(10, 4, 15);
  const Normalizer normalizer = Normalizer::fit(parse_normalize_recipe("center"), rows);
  REQUIRE(normalizer.dimension() == 4);
  Matrix other = random_matrix(10, 5, 16);
  REQUIRE_THROWS_AS(normalizer.apply(other), Error);
  REQUIRE_THROWS_AS(Normalizer::fit(parse_normalize_recipe("abtt:4"), rows), Error);
  rows(3, 2) = std::numeric_limits<float>::quiet_NaN();
  REQUIRE_THROWS_AS(Normalizer::fit(parse_normalize_recipe("unit,center"), rows), Error);
  using Operation = Normalizer::Operation;
  REQUIRE_THROWS_AS(Normalizer({}, {{Operation::Kind::linear, random_matrix(3, 4, 1)}}), Error);
  REQUIRE_THROWS_AS(Normalizer({}, {{Operation::Kind::center, random_matrix(1, 4, 1)},
                                    {Operation::Kind::linear, random_matrix(3, 3, 1)}}),
                    Error);
}
