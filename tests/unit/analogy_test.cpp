#include "support/catch.hpp"
#include "support/toy_mapping.h"

#include <xalign/analogy.h>
#include <xalign/error.h>
#include <xalign/parallel.h>

#include <limits>

using namespace xalign;

namespace {

/// Questions about random words of `toy_embeddings`, in two categories.
AnalogySet random_questions(Index words, int count) {
  AnalogySet set;
  set.categories = {"first", "second"};
  Random random(7);
  for (int i = 0; i < count; ++i) {
    AnalogyQuestion question;
    for (std::string& word : question.words)
      word = "w" + std::to_string(random.below(static_cast<std::uint64_t>(words)));
    question.category = i % 2;
    set.questions.push_back(question);
  }
  return set;
}

/// The definition: every word is scored.
Index brute_answer(const Embeddings& words, const AnalogyQuestion& question, bool product) {
  Index best = -1;
  double best_score = -std::numeric_limits<double>::infinity();
  const auto row = [&](std::size_t part) { return *words.words.find(question.words[part]); };
  for (Index x = 0; x < words.size(); ++x) {
    if (x == row(0) || x == row(1) || x == row(2)) continue;
    const auto cosine = [&](std::size_t part) {
      return static_cast<double>(words.vectors.row(x).dot(words.vectors.row(row(part))));
    };
    const auto share = [&](std::size_t part) { return (cosine(part) + 1) / 2; };
    const double score =
        product ? share(1) * share(2) / (share(0) + 0.001) : cosine(1) - cosine(0) + cosine(2);
    if (score > best_score) {
      best_score = score;
      best = x;
    }
  }
  return best;
}

}  // namespace

TEST_CASE("analogies are answered like by scoring every word") {
  Embeddings words = test::toy_embeddings(2500, 20, "w", 3);
  words.vectors.rowwise().normalize();
  AnalogySet set = random_questions(words.size(), 150);
  for (std::size_t i = 0; i < 60; ++i)  // some of them answered right
    set.questions[i].words[3] = words.words[brute_answer(words, set.questions[i], i % 3 == 0)];
  set.questions[149].words[1] = "unknown";
  const auto result = evaluate_analogies(words, set);
  int right = 0;
  for (std::size_t i = 0; i < 149; ++i) {
    CHECK(result.add_answers[i] == brute_answer(words, set.questions[i], false));
    CHECK(result.mul_answers[i] == brute_answer(words, set.questions[i], true));
    if (words.words[result.add_answers[i]] == set.questions[i].words[3]) ++right;
  }
  CHECK(result.add_answers[149] == -1);
  CHECK(result.all.total == 150);
  CHECK(result.all.covered == 149);
  CHECK(result.all.add_right == right);
  CHECK(result.all.add_right >= 40);
  REQUIRE(result.categories.size() == 2);
  CHECK(result.categories[1].covered == 74);
  CHECK(result.categories[0].mul_right + result.categories[1].mul_right == result.all.mul_right);
  const ThreadLimit one(1);
  CHECK(evaluate_analogies(words, set).mul_answers == result.mul_answers);
}

TEST_CASE("the words of the question are no answer") {
  Embeddings words = test::toy_embeddings(4, 4, "w", 3);
  words.vectors = Matrix::Identity(4, 4);
  AnalogySet set{{"all"}, {{{"w0", "w0", "w1", "w2"}, 0}}};
  const auto result = evaluate_analogies(words, set);
  CHECK(result.add_answers[0] == 2);  // w1 is nearest, but asked
  CHECK(result.mul_answers[0] == 2);
}

TEST_CASE("without a covered question nothing is right") {
  const Embeddings words = test::toy_embeddings(4, 4, "w", 3);
  const auto result = evaluate_analogies(words, {{"all"}, {{{"a", "b", "c", "d"}, 0}}});
  CHECK(result.all.total == 1);
  CHECK(result.all.covered == 0);
  CHECK(result.add_answers == std::vector<Index>{-1});
  CHECK_THROWS_AS(evaluate_analogies(words, {{"all"}, {}}, {.epsilon = 0}), Error);
}
