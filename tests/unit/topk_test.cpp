#include "linalg/topk_dispatch.h"
#include "linalg/topk_pack.h"
#include "support/brute_topk.h"
#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/parallel.h>
#include <xalign/topk.h>

#include <cmath>
#include <cstdlib>
#include <stdexcept>

using xalign::Index;
using xalign::Matrix;
using xalign::Random;
using xalign::TopkLists;
using xalign::TopkMode;
using xalign::TopkOptions;
using xalign::TopkResult;

namespace {

constexpr int kFuzzRounds = 60;

bool same(const TopkLists& a, const TopkLists& b) {
  return a.index == b.index && a.score.rows() == b.score.rows() &&
         (a.score.array() == b.score.array()).all();
}

bool same(const TopkResult& a, const TopkResult& b) {
  return same(a.rows, b.rows) && same(a.columns, b.columns);
}

// XALIGN_ISA narrows the tests to one instruction set.
std::vector<std::string> isas() {
  const char* only = std::getenv("XALIGN_ISA");
  return only != nullptr ? std::vector<std::string>{only} : xalign::topk_isas();
}

/// Every mode and instruction set gives what a full sort gives.
void require_exact(const Matrix& source, const Matrix& target, TopkOptions options) {
  const TopkResult expected = xalign::test::brute_topk(source, target, options);
  for (const std::string& isa : isas())
    for (const TopkMode mode : {TopkMode::automatic, TopkMode::float32, TopkMode::int8}) {
      options.mode = mode;
      options.isa = isa;
      INFO(isa << ", mode " << static_cast<int>(mode) << ", " << source.rows() << " x "
               << target.rows() << " x " << source.cols());
      REQUIRE(same(xalign::find_topk(source, target, options), expected));
    }
}

/// Words in clusters, like real vectors: many near neighbours, and some exact copies.
Matrix clustered_rows(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  const Matrix centres = xalign::test::random_matrix(10, columns, 99);
  Matrix matrix = xalign::test::random_matrix(rows, columns, seed);
  Random random(seed);
  for (Eigen::Index i = 0; i < rows; ++i) {
    if (i > 0 && random.below(10) == 0)
      matrix.row(i) =
          matrix.row(static_cast<Eigen::Index>(random.below(static_cast<std::uint64_t>(i))));
    else
      matrix.row(i) =
          0.3f * matrix.row(i) + centres.row(static_cast<Eigen::Index>(random.below(10)));
  }
  matrix.rowwise().normalize();
  return matrix;
}

}  // namespace

TEST_CASE("find_topk equals a full sort whatever the shape") {
  for (const auto& [n, m, d, k] : {std::tuple{1, 1, 1, 1},
                                   {50, 70, 17, 10},
                                   {300, 5, 32, 8},
                                   {4, 700, 3, 128},
                                   {1100, 600, 7, 5},
                                   {33, 513, 300, 10},
                                   {64, 64, 64, 64},
                                   {31, 1025, 65, 1}})
    require_exact(xalign::test::random_unit_rows(n, d, 1), xalign::test::random_unit_rows(m, d, 2),
                  {.row_k = k, .column_k = k});
}

TEST_CASE("find_topk equals a full sort for random shapes and lists") {
  Random random(11);
  for (int round = 0; round < 25; ++round) {
    const auto below = [&](int bound) {
      return static_cast<int>(random.below(static_cast<std::uint64_t>(bound)));
    };
    const int n = below(200), m = below(200), d = below(round % 5 == 0 ? 1024 : 80) + 1;
    require_exact(clustered_rows(n, d, random.next()), clustered_rows(m, d, random.next()),
                  {.row_k = below(round % 3 == 0 ? 129 : 20), .column_k = below(20)});
  }
}

namespace {

/// Rows of a kind that searches could stumble over.
Matrix odd_rows(Eigen::Index n, Eigen::Index d, Random& random) {
  Matrix rows = xalign::test::random_matrix(n, d, random.next());
  const std::uint64_t kind = random.below(8);
  for (Eigen::Index i = 0; i < n; ++i) {
    auto row = rows.row(i);
    const auto power = [&](int low, int high) {
      return std::ldexp(
          1.0f, low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low))));
    };
    switch (kind) {
      case 0:  // not unit
        row *= power(-4, 4);
        break;
      case 1:  // zero rows
        if (random.below(2) == 0) row.setZero();
        break;
      case 2:  // denormals
        row *= power(-149, -120);
        break;
      case 3:  // huge
        row *= power(50, 120);
        break;
      case 4:  // all equal
        row.setConstant(0.25f);
        break;
      case 5:  // copies and negatives
        row = (random.below(2) == 0 ? 1.0f : -1.0f) *
              rows.row(static_cast<Eigen::Index>(random.below(static_cast<std::uint64_t>(i) + 1)));
        break;
      case 6:  // all numbers as large as they get, or none but one
        if (random.below(2) == 0)
          row = row.unaryExpr([](float x) { return x < 0 ? -1.0f : 1.0f; });
        else
          row.tail(d - 1).setZero();
        break;
      default:  // everything at once
        row *= random.below(3) == 0 ? power(-149, 100) : 1.0f;
    }
  }
  return rows;
}

}  // namespace

TEST_CASE("find_topk equals a full sort whatever the numbers") {
  Random random(27);
  for (int round = 0; round < kFuzzRounds; ++round) {
    const auto below = [&](int bound) {
      return static_cast<int>(random.below(static_cast<std::uint64_t>(bound)));
    };
    const int n = below(round % 4 == 0 ? 3 : 150), m = below(round % 4 == 1 ? 3 : 150);
    const int d = 1 + below(round % 8 == 0 ? 1024 : 70);
    const Matrix source = odd_rows(n, d, random), target = odd_rows(m, d, random);
    std::vector<float> row_terms, column_terms;
    if (below(3) == 0)
      for (int i = 0; i < n; ++i) row_terms.push_back(static_cast<float>(random.normal()));
    if (below(3) == 0)
      for (int j = 0; j < m; ++j) column_terms.push_back(static_cast<float>(random.normal()));
    std::vector<std::pair<Index, Index>> pairs;
    for (int i = below(3) * n; i > 0 && m > 0; --i) pairs.emplace_back(below(n), below(m));
    const xalign::ThreadLimit limit(1 + below(3));
    require_exact(source, target,
                  {.row_k = below(round % 3 == 0 ? 129 : 15),
                   .column_k = below(15),
                   .row_terms = row_terms,
                   .column_terms = column_terms,
                   .skip_same_index = below(2) == 0,
                   .skip_pairs = pairs,
                   .memory_limit = static_cast<std::size_t>(below(2))});
  }
}

TEST_CASE("sides without rows and dimensions give empty lists") {
  for (const auto& [n, m, d] : {std::tuple{0, 5, 3}, {5, 0, 3}, {0, 0, 3}, {5, 7, 0}}) {
    const TopkResult result =
        xalign::find_topk(Matrix::Zero(n, d), Matrix::Zero(m, d), {.row_k = 2, .column_k = 3});
    REQUIRE(result.rows.rows() == n);
    REQUIRE(result.rows.k() == 2);
    REQUIRE(result.columns.rows() == m);
    REQUIRE(result.columns.k() == 3);
    if (n == 0 || m == 0) {
      REQUIRE((result.rows.index.array() == -1).all());
      REQUIRE((result.columns.score.array() < 0).all());
    }
  }
}

TEST_CASE("lengths may be anything") {
  const auto scaled = [](Eigen::Index rows, std::uint64_t seed, int low, int high) {
    Matrix matrix = xalign::test::random_unit_rows(rows, 40, seed);
    Random random(seed);
    for (Eigen::Index i = 0; i < rows; ++i)
      matrix.row(i) *= std::ldexp(
          1.0f, low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low + 1))));
    return matrix;
  };
  for (const auto& [low, high] :
       {std::pair{-3, 3}, {-20, 20}, {-126, -120}, {-149, -140}, {100, 127}, {-149, 127}})
    require_exact(scaled(90, 3, low, high), scaled(130, 4, low, high), {.row_k = 6, .column_k = 4});
  require_exact(scaled(90, 3, 120, 126), scaled(130, 4, -149, -120), {.row_k = 6, .column_k = 4});
}

TEST_CASE("zero rows and equal rows go by their index") {
  Matrix source = xalign::test::random_unit_rows(60, 24, 5);
  Matrix target = xalign::test::random_unit_rows(80, 24, 6);
  source.middleRows(10, 20).setZero();
  target.middleRows(30, 40).setZero();
  require_exact(source, target, {.row_k = 12, .column_k = 12});
  require_exact(Matrix::Ones(60, 24), Matrix::Ones(80, 24), {.row_k = 12, .column_k = 12});
  require_exact(Matrix::Zero(60, 24), Matrix::Zero(80, 24), {.row_k = 12, .column_k = 12});
}

TEST_CASE("rows that differ by one rounding keep their order") {
  Matrix target = Matrix::Constant(200, 50, 0.1f);
  for (Eigen::Index i = 0; i < target.rows(); ++i)
    target(i, i % 50) = std::nextafter(0.1f, i % 3 == 0 ? 1.0f : 0.0f);
  require_exact(xalign::test::random_unit_rows(40, 50, 7), target, {.row_k = 9, .column_k = 9});
}

TEST_CASE("masks and terms") {
  const Matrix source = clustered_rows(120, 30, 8);
  const Matrix target = clustered_rows(150, 30, 9);
  Random random(10);
  std::vector<std::pair<Index, Index>> pairs;
  for (int i = 0; i < 3000; ++i)
    pairs.emplace_back(static_cast<Index>(random.below(120)),
                       static_cast<Index>(random.below(150)));
  require_exact(source, target, {.row_k = 7, .column_k = 7, .skip_same_index = true});
  require_exact(source, target,
                {.row_k = 7, .column_k = 7, .skip_same_index = true, .skip_pairs = pairs});
  for (const float size : {0.1f, 1e-30f, 1e6f, 3e38f}) {
    std::vector<float> row_terms(120), column_terms(150);
    for (float& term : row_terms) term = size * static_cast<float>(random.uniform() - 0.5);
    for (float& term : column_terms) term = size * static_cast<float>(random.uniform() - 0.5);
    require_exact(source, target, {.row_k = 7, .column_k = 7, .row_terms = row_terms});
    require_exact(source, target,
                  {.row_k = 7,
                   .column_k = 7,
                   .row_terms = row_terms,
                   .column_terms = column_terms,
                   .skip_pairs = pairs});
  }
}

TEST_CASE("pairs that are left out promise nothing") {
  // Enough rows that a sample of them gives the first floors.
  const Matrix source = clustered_rows(1500, 30, 10), target = clustered_rows(1600, 30, 11);
  const TopkResult best = xalign::test::brute_topk(source, target, {.row_k = 40, .column_k = 40});
  std::vector<std::pair<Index, Index>> pairs;
  for (Index i = 0; i < 1500; i += 7)
    for (Eigen::Index rank = 0; rank < i % 40; ++rank)
      pairs.emplace_back(i, best.rows.index(i, rank));
  for (Index j = 0; j < 1600; j += 9)
    for (Eigen::Index rank = 0; rank < j % 40; ++rank)
      pairs.emplace_back(best.columns.index(j, rank), j);
  require_exact(source, target, {.row_k = 2, .column_k = 3, .skip_pairs = pairs});
}

TEST_CASE("a warm start changes nothing but the time") {
  const Matrix source = clustered_rows(150, 30, 12);
  const Matrix target = clustered_rows(130, 30, 13);
  const TopkOptions options{.row_k = 5, .column_k = 9, .skip_same_index = true};
  const TopkResult expected = xalign::test::brute_topk(source, target, options);
  TopkResult shuffled = expected;  // good and bad candidates, repeated and missing ones
  Random random(14);
  for (TopkLists* lists : {&shuffled.rows, &shuffled.columns})
    for (Eigen::Index i = 0; i < lists->index.size(); ++i)
      if (random.below(3) == 0) lists->index.data()[i] = static_cast<Index>(random.below(200)) - 1;
  for (const TopkResult* warm : {&expected, static_cast<const TopkResult*>(&shuffled)}) {
    TopkOptions warm_options = options;
    warm_options.warm_start = warm;
    for (const TopkMode mode : {TopkMode::float32, TopkMode::int8}) {
      warm_options.mode = mode;
      REQUIRE(same(xalign::find_topk(source, target, warm_options), expected));
    }
  }
  TopkOptions other = options;
  other.warm_start = &expected;
  REQUIRE_THROWS_AS(xalign::find_topk(target, source, other), xalign::Error);
}

TEST_CASE("threads and memory do not matter") {
  const Matrix source = clustered_rows(3000, 20, 15);
  const Matrix target = clustered_rows(2500, 20, 16);
  TopkOptions options{.row_k = 6, .column_k = 3};
  const TopkResult expected = xalign::find_topk(source, target, options);
  for (const int threads : {1, 2, 3, 7})
    for (const std::size_t memory : {std::size_t{0}, std::size_t{1}})
      for (const TopkMode mode : {TopkMode::float32, TopkMode::int8}) {
        const xalign::ThreadLimit limit(threads);
        options.memory_limit = memory;
        options.mode = mode;
        REQUIRE(same(xalign::find_topk(source, target, options), expected));
      }
}

TEST_CASE("rows of a larger matrix are searched in place") {
  const Matrix source = xalign::test::random_unit_rows(100, 48, 17);
  const Matrix target = xalign::test::random_unit_rows(90, 48, 18);
  const Matrix left = source.leftCols(33), part = target.block(20, 0, 60, 33);
  REQUIRE(same(xalign::find_topk(source.leftCols(33), target.block(20, 0, 60, 33)),
               xalign::test::brute_topk(left, part, TopkOptions{})));
}

TEST_CASE("exact_dot is one number on every instruction set") {
  for (const Eigen::Index d : {0, 1, 2, 7, 8, 15, 31, 32, 33, 100, 300, 1023}) {
    const Matrix rows = xalign::test::random_matrix(2, d, 19);
    const float *a = rows.data(), *b = rows.data() + d;
    const double expected = xalign::test::plain_dot(a, b, d);
    REQUIRE(xalign::exact_dot(a, b, d) == expected);
    for (const std::string& isa : isas()) {
      REQUIRE(xalign::topk_kernels(isa).dot(a, b, d) == expected);
    }
  }
}

TEST_CASE("dot_float is as exact as float32 allows on every instruction set") {
  for (const Eigen::Index d : {0, 1, 5, 16, 17, 31, 64, 100, 300, 1023}) {
    const Matrix rows = xalign::test::random_matrix(2, d, 23);
    const float *a = rows.data(), *b = rows.data() + d;
    const double bound = xalign::float_error(d) * static_cast<double>(rows.row(0).norm()) *
                         static_cast<double>(rows.row(1).norm());
    for (const std::string& isa : isas())
      REQUIRE(std::abs(static_cast<double>(xalign::topk_kernels(isa).dot_float(a, b, d)) -
                       xalign::exact_dot(a, b, d)) <= bound);
  }
}

TEST_CASE("screened products stay within their bound on every instruction set") {
  // Numbers as large as they get, all of one sign or alternating, are where sums could overflow.
  for (const Eigen::Index d : {1, 2, 7, 8, 9, 64, 300, 1024}) {
    Matrix rows(64, d);
    Random random(26);
    for (Eigen::Index i = 0; i < rows.rows(); ++i)
      for (Eigen::Index j = 0; j < d; ++j) {
        const auto noise = static_cast<float>(random.normal());
        const float values[] = {1,
                                -1,
                                j % 2 == 0 ? 1.0f : -1.0f,
                                j % 8 < 2 || j % 8 == 4 || j % 8 == 5 ? 1.0f : 0.01f,
                                j % 8 < 2 || j % 8 == 4 || j % 8 == 5 ? -1.0f : 0.01f,
                                noise,
                                noise < 0 ? -1.0f : 1.0f,
                                0};
        rows(i, j) = values[i % 8];
      }
    const std::vector<double> norms = xalign::row_norms(rows, "rows");
    for (const std::string& isa : isas()) {
      const xalign::TopkKernels& kernels = xalign::topk_kernels(isa);
      const auto screen = xalign::TopkScreen::int8;
      const auto left = xalign::pack_rows(kernels, screen, rows, norms, 1, 0, rows.rows());
      const auto right = xalign::pack_columns(kernels, screen, rows, norms, 1, 0, rows.rows());
      xalign::AlignedArray<std::int32_t> scores(xalign::kStripRows * 64);
      for (Eigen::Index strip = 0; strip < rows.rows(); strip += xalign::kStripRows) {
        kernels.multiply(left.values.data() + strip * left.depth, left.depth, right.values.data(),
                         right.start.data(), 64 / xalign::kPanelColumns, scores.data(), 64);
        for (Eigen::Index i = 0; i < xalign::kStripRows; ++i)
          for (Eigen::Index j = 0; j < 64; ++j) {
            const auto r = static_cast<std::size_t>(strip + i), c = static_cast<std::size_t>(j);
            const auto wide = [](float x) { return static_cast<double>(x); };
            const double screened = static_cast<double>(scores[r % 32 * 64 + c]) *
                                    wide(left.scale[r]) * wide(right.scale[c]);
            const double exact =
                xalign::exact_dot(rows.row(strip + i).data(), rows.row(j).data(), d);
            const double bound = wide(left.error[r]) * wide(right.norm[c]) +
                                 wide(left.norm[r] + left.error[r]) * wide(right.error[c]);
            INFO(isa << ", d = " << d << ", row " << r << ", column " << c);
            REQUIRE(std::abs(exact - screened) <= bound);
          }
      }
    }
  }
}

TEST_CASE("lists that overflow with equal scores stay exact") {
  Matrix source = xalign::test::random_unit_rows(70, 16, 24), target(900, 16);
  for (Eigen::Index i = 0; i < target.rows(); ++i) target.row(i) = source.row(i % 3);
  require_exact(source, target, {.row_k = 5, .column_k = 40});
  require_exact(target, source, {.row_k = 128, .column_k = 5, .skip_same_index = true});
}

TEST_CASE("progress counts rows and may cancel") {
  const Matrix rows = xalign::test::random_unit_rows(500, 8, 20);
  std::uint64_t done = 0, total = 1;
  xalign::find_topk(rows, rows, {.progress = [&](const xalign::ProgressEvent& event) {
                      done = event.done;
                      total = event.total;
                    }});
  REQUIRE(done == total);
  REQUIRE_THROWS_AS(
      xalign::find_topk(
          rows, rows,
          {.progress = [](const xalign::ProgressEvent&) { throw std::runtime_error("enough"); }}),
      std::runtime_error);
}

TEST_CASE("senseless searches are refused") {
  const Matrix a = Matrix::Ones(5, 3);
  Matrix bad = a;
  bad(2, 1) = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> short_terms(4);
  REQUIRE_THROWS_AS(xalign::find_topk(a, Matrix::Ones(5, 4)), xalign::Error);
  REQUIRE_THROWS_AS(xalign::find_topk(a, bad), xalign::Error);
  REQUIRE_THROWS_AS(xalign::find_topk(bad, a), xalign::Error);
  REQUIRE_THROWS_AS(xalign::find_topk(a, a, {.row_k = 129}), xalign::Error);
  REQUIRE_THROWS_AS(xalign::find_topk(a, a, {.column_k = -1}), xalign::Error);
  REQUIRE_THROWS_AS(xalign::find_topk(a, a, {.row_terms = short_terms}), xalign::Error);
  REQUIRE_THROWS_AS(xalign::find_topk(a, a, {.isa = "z80"}), xalign::Error);
}

TEST_CASE("the last instruction set runs anywhere") {
  REQUIRE(xalign::topk_isas().back() == "generic");
}
