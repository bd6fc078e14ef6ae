#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/csls.h>
#include <xalign/retrieval.h>

using xalign::CslsOptions;
using xalign::CslsResult;
using xalign::Matrix;
using xalign::TopkLists;
using xalign::TopkResult;

namespace {

bool same(const TopkLists& a, const TopkLists& b) {
  return a.index == b.index && (a.score.array() == b.score.array()).all();
}

std::vector<float> halves(std::vector<float> means) {
  for (float& mean : means) mean /= -2;
  return means;
}

/// The slow way: one search for r, one with terms.
void require_exact(const Matrix& source, const Matrix& target, const CslsOptions& options) {
  const CslsResult result = xalign::find_csls(source, target, options);
  REQUIRE(result.source_means == xalign::neighborhood_means(source, target, options.neighbors));
  REQUIRE(result.target_means == xalign::neighborhood_means(target, source, options.neighbors));
  const auto row_terms = halves(result.source_means), column_terms = halves(result.target_means);
  TopkResult expected = xalign::find_topk(source, target,
                                          {.row_k = options.row_k,
                                           .column_k = options.column_k,
                                           .row_terms = row_terms,
                                           .column_terms = column_terms});
  expected.rows.score *= 2;
  expected.columns.score *= 2;
  REQUIRE(same(result.rows, expected.rows));
  REQUIRE(same(result.columns, expected.columns));
}

}  // namespace

TEST_CASE("find_csls equals a search with its own means as terms") {
  for (const auto& [n, m, d, k] : {std::tuple{400, 300, 8, 1},
                                   {400, 300, 8, 10},
                                   {500, 700, 40, 3},
                                   {1, 1, 3, 2},
                                   {7, 200, 5, 128},
                                   {200, 7, 5, 0}})
    require_exact(xalign::test::random_unit_rows(n, d, 1), xalign::test::random_unit_rows(m, d, 2),
                  {.row_k = k, .column_k = k});
}

TEST_CASE("hubs that fill the lists by cosine do not hide what CSLS prefers") {
  // Many near copies of a hub, and lonely partners.
  const Matrix source = xalign::test::random_unit_rows(600, 6, 3);
  Matrix target = xalign::test::random_unit_rows(500, 6, 4);
  target.topRows(250) = (0.02f * target.topRows(250)).rowwise() + source.row(0);
  target.rowwise().normalize();
  require_exact(source, target, {});
  require_exact(source, target, {.neighbors = 40, .row_k = 5, .column_k = 2});
  require_exact(source, target, {.neighbors = 2, .row_k = 12, .column_k = 0});
}

TEST_CASE("equal rows are ranked by their index") {
  const Matrix rows = Matrix::Constant(150, 4, 0.5f);
  require_exact(rows, rows, {.row_k = 3, .column_k = 3});
}

TEST_CASE("a warm start of a CSLS search changes nothing") {
  const Matrix source = xalign::test::random_unit_rows(300, 12, 5);
  const Matrix target = xalign::test::random_unit_rows(200, 12, 6);
  const CslsResult cold = xalign::find_csls(source, target);
  require_exact(source, target, {.warm_start = &cold.neighbors});
}

TEST_CASE("nothing to search") {
  const CslsResult result = xalign::find_csls(Matrix::Zero(0, 3), Matrix::Zero(5, 3));
  REQUIRE(result.rows.rows() == 0);
  REQUIRE(result.columns.index == decltype(TopkLists::index)::Constant(5, 1, -1));
}
