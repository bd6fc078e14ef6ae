#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/form_model.h>
#include <xalign/parallel.h>

using namespace xalign;

namespace {

constexpr const char* kStems[] = {"garden", "winter", "summer", "bread",   "water",  "stone",
                                  "mother", "father", "sister", "brother", "silver", "window"};
constexpr const char* kEndings[] = {"", "ing", "able", "ness", "ment", "less"};

/// Words whose vectors are those of their stem and their ending, added.
struct Inflected {
  Vocabulary words;
  Matrix vectors;
};

Inflected inflected(bool with_last) {
  const Matrix stems = test::random_matrix(12, 20, 1), endings = test::random_matrix(6, 20, 2);
  Inflected result;
  result.vectors.resize(72, 20);
  for (Eigen::Index s = 0; s < 12; ++s)
    for (Eigen::Index e = 0; e < 6; ++e) {
      if (!with_last && s == 11 && e == 5) continue;
      result.vectors.row(result.words.size()) = stems.row(s) + endings.row(e);
      result.words.insert(std::string(kStems[s]) + kEndings[e]);
    }
  result.vectors.conservativeResize(result.words.size(), 20);
  return result;
}

}  // namespace

TEST_CASE("an unseen word gets the vector of its parts") {
  const Inflected known = inflected(false), all = inflected(true);
  const auto model = FormModel::fit(known.words, known.vectors);
  REQUIRE(model->dimension() == 20);
  RowVector guess(20);
  REQUIRE(model->find_vector("windowless", guess));
  const RowVector truth = all.vectors.row(71);
  REQUIRE(guess.dot(truth) > 0.8F * guess.norm() * truth.norm());
  Eigen::Index nearest = 0;
  (all.vectors.rowwise().normalized() * guess.transpose()).maxCoeff(&nearest);
  REQUIRE(nearest == 71);
}

TEST_CASE("a word of unknown parts gets no vector from its form") {
  const Inflected known = inflected(true);
  const auto model = FormModel::fit(known.words, known.vectors);
  RowVector guess(20);
  REQUIRE(!model->find_vector("xyzzy", guess));
  REQUIRE(guess.isZero(0));
}

TEST_CASE("a form model is the same for any number of threads") {
  const Inflected known = inflected(true);
  const RowVector many = FormModel::fit(known.words, known.vectors)->vector("windowing");
  const ThreadLimit one(1);
  REQUIRE(FormModel::fit(known.words, known.vectors)->vector("windowing") == many);
}

TEST_CASE("a form model that cannot be learned is refused") {
  Vocabulary words;
  words.insert("abc");
  REQUIRE_THROWS_AS(FormModel::fit(words, Matrix::Ones(1, 3)), Error);
  const Inflected known = inflected(true);
  REQUIRE_THROWS_AS(FormModel::fit(known.words, known.vectors, {.ridge = 0}), Error);
  REQUIRE_THROWS_AS(FormModel::fit(known.words, Matrix::Zero(72, 20)), Error);
  REQUIRE_THROWS_AS(FormModel::fit(known.words, Matrix::Ones(3, 20)), Error);
}
