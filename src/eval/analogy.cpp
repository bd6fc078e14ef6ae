#include "core/parallel_for.h"
#include "core/progress_meter.h"
#include "linalg/product.h"

#include <xalign/analogy.h>
#include <xalign/error.h>
#include <xalign/topk.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace xalign {
namespace {

constexpr std::size_t kBlock = 1024;  // words scored at a time by 3CosMul

/// A covered question as rows a, b, c, d.
struct Question {
  std::size_t number = 0;  // in the set
  std::array<Index, 4> rows = {};
};

std::vector<Question> cover(const Vocabulary& words, const AnalogySet& set, CasePolicy policy) {
  std::vector<Question> covered;
  for (std::size_t i = 0; i < set.questions.size(); ++i) {
    Question question{i, {}};
    bool known = true;
    for (std::size_t part = 0; part < 4 && known; ++part) {
      const auto row = find_word(words, set.questions[i].words[part], policy);
      known = row.has_value();
      question.rows[part] = row.value_or(-1);
    }
    if (known) covered.push_back(question);
  }
  return covered;
}

std::vector<Index> answer_by_sum(const Matrix& vectors, const std::vector<Question>& questions,
                                 const AnalogyOptions& options) {
  Matrix queries(static_cast<Eigen::Index>(questions.size()), vectors.cols());
  std::vector<std::pair<Index, Index>> inputs;
  for (std::size_t q = 0; q < questions.size(); ++q) {
    const auto& [a, b, c, d] = questions[q].rows;
    queries.row(static_cast<Eigen::Index>(q)) = vectors.row(b) - vectors.row(a) + vectors.row(c);
    for (const Index input : {a, b, c}) inputs.emplace_back(static_cast<Index>(q), input);
  }
  std::sort(inputs.begin(), inputs.end());
  inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
  const TopkLists best =
      find_topk(
          queries, vectors,
          {.row_k = 1, .skip_pairs = inputs, .isa = options.isa, .progress = options.progress})
          .rows;
  return {best.index.data(), best.index.data() + best.index.size()};
}

// A product of cosines is no dot product, so that find_topk cannot rank by it. But all questions
// together ask for few different words: the cosines of these with all words are computed once,
// block by block, and shared.
std::vector<Index> answer_by_product(const Matrix& vectors, const std::vector<Question>& questions,
                                     const AnalogyOptions& options) {
  std::vector<Index> asked;
  for (const Question& question : questions)
    asked.insert(asked.end(), question.rows.begin(), question.rows.begin() + 3);
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  Matrix rows(static_cast<Eigen::Index>(asked.size()), vectors.cols());
  for (std::size_t i = 0; i < asked.size(); ++i)
    rows.row(static_cast<Eigen::Index>(i)) = vectors.row(asked[i]);
  const auto place = [&](Index row) {
    return static_cast<Eigen::Index>(std::lower_bound(asked.begin(), asked.end(), row) -
                                     asked.begin());
  };

  struct Best {
    float score = -std::numeric_limits<float>::infinity();
    Index word = -1;
  };
  const Blocks blocks{static_cast<std::size_t>(vectors.rows()), kBlock};
  std::vector<std::vector<Best>> of_block(blocks.count());
  ProgressMeter meter(options.progress, "3CosMul", blocks.size);
  parallel_for(blocks.count(), [&](std::size_t block) {
    const auto begin = static_cast<Eigen::Index>(blocks.begin(block));
    const auto length = static_cast<Eigen::Index>(blocks.length(block));
    Matrix shares(rows.rows(), length);
    multiply_transposed(rows, vectors.middleRows(begin, length), shares);
    shares = ((shares.array() + 1) / 2).max(0);
    const Matrix inverse = (shares.array() + static_cast<float>(options.epsilon)).inverse();
    RowVector scores(length);
    for (const Question& question : questions) {
      const auto& [a, b, c, d] = question.rows;
      scores = shares.row(place(b)).array() * shares.row(place(c)).array() *
               inverse.row(place(a)).array();
      for (const Index input : {a, b, c})
        if (input >= begin && input < begin + length)
          scores(input - begin) = -std::numeric_limits<float>::infinity();
      Eigen::Index best = 0;
      const float score = scores.maxCoeff(&best);
      of_block[block].push_back({score, static_cast<Index>(begin + best)});
    }
    meter.add(blocks.length(block));
  });

  std::vector<Index> answers;
  for (std::size_t q = 0; q < questions.size(); ++q) {
    Best best;
    for (const auto& found : of_block)
      if (found[q].score > best.score) best = found[q];
    answers.push_back(best.word);
  }
  return answers;
}

}  // namespace

void AnalogyOptions::validate() const {
  if (!(epsilon > 0))
    throw Error(ErrorKind::config, "epsilon", fmt::format("{}", epsilon), "a number above 0");
}

AnalogyResult evaluate_analogies(const Embeddings& embeddings, const AnalogySet& set,
                                 const AnalogyOptions& options) {
  options.validate();
  const auto questions = cover(embeddings.words, set, options.case_policy);
  std::vector<Index> add, mul;
  if (!questions.empty()) {
    add = answer_by_sum(embeddings.vectors, questions, options);
    mul = answer_by_product(embeddings.vectors, questions, options);
  }

  AnalogyResult result;
  result.add_answers.assign(set.questions.size(), -1);
  result.mul_answers = result.add_answers;
  result.all.name = "all";
  for (const std::string& name : set.categories) {
    result.categories.emplace_back();
    result.categories.back().name = name;
  }
  const auto count = [&](const AnalogyQuestion& question, Index AnalogyScore::*what, bool yes) {
    result.all.*what += yes ? 1 : 0;
    result.categories[static_cast<std::size_t>(question.category)].*what += yes ? 1 : 0;
  };
  for (const AnalogyQuestion& question : set.questions) count(question, &AnalogyScore::total, true);
  for (std::size_t q = 0; q < questions.size(); ++q) {
    const auto& [number, rows] = questions[q];
    const AnalogyQuestion& question = set.questions[number];
    result.add_answers[number] = add[q];
    result.mul_answers[number] = mul[q];
    count(question, &AnalogyScore::covered, true);
    count(question, &AnalogyScore::add_right, add[q] == rows[3]);
    count(question, &AnalogyScore::mul_right, mul[q] == rows[3]);
  }
  return result;
}

}  // namespace xalign
