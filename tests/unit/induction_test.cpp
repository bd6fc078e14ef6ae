#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/induction.h>

using namespace xalign;

TEST_CASE("mutual pairs are each other's best under CSLS") {
  const Matrix source = test::random_unit_rows(80, 10, 1);
  const Matrix target = test::random_unit_rows(70, 10, 2);
  const ScoreTerms terms = score_terms(source, target);
  Matrix scores = source * target.transpose();
  for (Eigen::Index i = 0; i < 80; ++i)
    for (Eigen::Index j = 0; j < 70; ++j)
      scores(i, j) +=
          terms.source[static_cast<std::size_t>(i)] + terms.target[static_cast<std::size_t>(j)];
  std::vector<std::pair<Index, Index>> twin;
  for (Eigen::Index i = 0; i < 80; ++i) {
    Eigen::Index j = 0, back = 0;
    scores.row(i).maxCoeff(&j);
    scores.col(j).maxCoeff(&back);
    if (back == i) twin.emplace_back(i, j);
  }
  std::vector<std::pair<Index, Index>> found;
  for (const auto& pair : induce_lexicon(source, target))
    found.emplace_back(pair.source, pair.target);
  CHECK(found == twin);
}

TEST_CASE("all pairs, and a lowest score") {
  const Matrix rows = test::random_unit_rows(50, 6, 3);
  const auto all = induce_lexicon(rows, rows, {.mutual = false});
  REQUIRE(all.size() == 50);
  const auto some = induce_lexicon(rows, rows, {.mutual = false, .min_score = all[0].score});
  CHECK(some.size() >= 1);
  for (const auto& pair : some) CHECK(pair.score >= all[0].score);
}
