#include "mapping/isf_beta.h"
#include "support/catch.hpp"
#include "support/multistep_twin.h"
#include "support/toy_mapping.h"

#include <xalign/error.h>
#include <xalign/parallel.h>

#include <cmath>

using namespace xalign;

namespace {

/// sum_i [b c_ii - log sum_k exp(b c_ki)] of rows whose i-th are a pair.
double log_likelihood(const Matrix& source, const Matrix& target, double beta) {
  const Eigen::MatrixXd cosines =
      (source.rowwise().normalized() * target.rowwise().normalized().transpose()).cast<double>();
  double sum = 0;
  for (Eigen::Index i = 0; i < cosines.cols(); ++i)
    sum += beta * cosines(i, i) - std::log((beta * cosines.col(i)).array().exp().sum());
  return sum;
}

}  // namespace

TEST_CASE("every method maps the vectors as its mapping does") {
  const ThreadLimit limit(1);  // toys are too small to share
  for (const std::string& name : method_names()) {
    CAPTURE(name);
    const auto toy = test::learn_toy(make_method(name));
    const Mapping& mapping = toy.learned.mapping;
    REQUIRE(mapping.source.apply(toy.source.vectors) == toy.mapped_source.vectors);
    REQUIRE(mapping.target.apply(toy.target.vectors) == toy.mapped_target.vectors);
    REQUIRE(mapping.method == name);
    REQUIRE(mapping.steps.size() == make_method(name).steps.size());
    REQUIRE(toy.learned.rank == 12);
    REQUIRE((mapping.isf_beta >= 1 && mapping.isf_beta <= 200));
  }
}

TEST_CASE("auto records the step that ran") {
  const auto toy = test::learn_toy(make_method("auto"));
  REQUIRE(toy.learned.mapping.steps.back() == "multistep(p=0.5, q=0.5, ridge=1)");
}

TEST_CASE("dimensions may differ and be reduced") {
  for (const auto& [dx, dz] : {std::pair{12, 7}, {7, 12}}) {
    for (const char* name : {"multistep", "cca", "auto", "ridge"}) {
      const auto toy = test::learn_toy(make_method(name), dx, dz);
      const Eigen::Index shared = std::string(name) == "ridge" ? dz : 7;
      REQUIRE(toy.mapped_source.vectors.cols() == shared);
      REQUIRE(toy.mapped_target.vectors.cols() == shared);
      REQUIRE(toy.learned.mapping.source.apply(toy.source.vectors) == toy.mapped_source.vectors);
    }
  }
  MethodOptions options;
  options.dimensions = 3;
  REQUIRE(test::learn_toy(make_method("multistep", options)).mapped_source.vectors.cols() == 3);
}

TEST_CASE("normalisation may come in several steps") {
  Method method = make_method("procrustes");
  method.steps.insert(method.steps.begin() + 1, NormalizeVectors{parse_normalize_recipe("abtt:1")});
  const auto toy = test::learn_toy(method);
  REQUIRE(to_string(toy.learned.mapping.source.normalizer.recipe()) == "unit,center,unit,abtt:1");
  REQUIRE(toy.learned.mapping.source.apply(toy.source.vectors) == toy.mapped_source.vectors);
}

TEST_CASE("the vectors may stay unmapped") {
  auto source = test::toy_embeddings(40, 6, "s", 1), target = test::toy_embeddings(40, 6, "t", 2);
  Matrix normalized = source.vectors;
  Normalizer::fit(MethodOptions{}.normalize, normalized);
  LearnOptions options;
  options.map_vectors = false;
  learn_mapping(source, target, test::diagonal_pairs(20), make_method("multistep"), options);
  REQUIRE(source.vectors == normalized);
}

TEST_CASE("the training record tells what was seen") {
  const auto toy = test::learn_toy(make_method("procrustes"));
  const TrainingRecord& training = toy.learned.mapping.training;
  REQUIRE(training.used == 60);
  REQUIRE((training.has_source("s59") && !training.has_source("s60")));
  REQUIRE((training.has_target("t0") && !training.has_target("s0")));
  REQUIRE((training.has_pair("s5", "t5") && !training.has_pair("s5", "t6")));
  REQUIRE(toy.learned.mapping.source.input.words == 150);
  REQUIRE(toy.learned.mapping.source.input.fingerprint == fingerprint(toy.source));
}

TEST_CASE("repeated pairs are trained on once in the record") {
  auto source = test::toy_embeddings(40, 6, "s", 1), target = test::toy_embeddings(40, 6, "t", 2);
  auto pairs = test::diagonal_pairs(20);
  pairs.insert(pairs.end(), pairs.begin(), pairs.end());
  const auto result = learn_mapping(source, target, pairs, make_method("auto"));
  REQUIRE(result.mapping.training.used == 20);
  REQUIRE(result.mapping.training.pairs == 40);
}

TEST_CASE("the fitted temperature makes the pairs most likely") {
  for (const float noise : {0.5F, 1.0F, 3.0F}) {
    const Matrix source = test::random_matrix(90, 10, 5);
    const Matrix target = source + noise * test::random_matrix(90, 10, 6);
    const Matrix identity = Matrix::Identity(10, 10);
    const double beta =
        fit_isf_beta(source, target, {identity, identity, 10}, test::diagonal_pairs(90));
    const double best = log_likelihood(source, target, beta);
    for (const double other : {beta * 0.98, beta * 1.02, 1.0, 200.0})
      if (other >= 1 && other <= 200) REQUIRE(log_likelihood(source, target, other) <= best + 1e-3);
  }
  // Pairs that are certain want it high (beyond 30 nothing is left to gain), wrong ones low.
  const Matrix basis = Matrix::Identity(10, 10);
  REQUIRE(fit_isf_beta(basis, basis, {basis, basis, 10}, test::diagonal_pairs(10)) > 30);
  REQUIRE(fit_isf_beta(basis, -basis, {basis, basis, 10}, test::diagonal_pairs(10)) < 1.01);
  REQUIRE(std::isfinite(fit_isf_beta(basis, basis, {basis, basis, 10}, test::diagonal_pairs(1))));
}

TEST_CASE("learning gives the same bytes for any number of threads") {
  const auto learn = [](int threads) {
    const ThreadLimit limit(threads);
    return test::learn_toy(make_method("auto"));
  };
  const auto one = learn(1), three = learn(3);
  REQUIRE(one.mapped_source.vectors == three.mapped_source.vectors);
  REQUIRE(one.learned.mapping.isf_beta == three.learned.mapping.isf_beta);
}

TEST_CASE("progress runs to its end and may cancel") {
  auto source = test::toy_embeddings(40, 6, "s", 1), target = source;
  LearnOptions options;
  ProgressEvent last;
  options.progress = [&](const ProgressEvent& event) { last = event; };
  learn_mapping(source, target, test::diagonal_pairs(20), make_method("multistep"), options);
  REQUIRE(last.done == last.total);
  options.progress = [](const ProgressEvent&) { throw std::runtime_error("cancelled"); };
  REQUIRE_THROWS_AS(
      learn_mapping(source, target, test::diagonal_pairs(20), make_method("multistep"), options),
      std::runtime_error);
}

TEST_CASE("what cannot be learned is refused before the vectors change") {
  auto source = test::toy_embeddings(40, 6, "s", 1), target = test::toy_embeddings(40, 5, "t", 2);
  const Matrix before = source.vectors;
  const auto refuse = [&](const std::vector<WordPair>& pairs, const Method& method) {
    REQUIRE_THROWS_AS(learn_mapping(source, target, pairs, method), Error);
    REQUIRE(source.vectors == before);
  };
  refuse({}, make_method("multistep"));
  refuse(test::diagonal_pairs(41), make_method("auto"));
  refuse(test::diagonal_pairs(20), make_method("procrustes"));
  refuse(test::diagonal_pairs(20), Method{"nothing", {NormalizeVectors{}}});
  refuse(test::diagonal_pairs(20), Method{"bad", {MapRidge{-1}}});
  refuse(test::diagonal_pairs(20), Method{"bad", {MapMultistep{{.source_exponent = 3}}}});
}

TEST_CASE("refinements are steps of a method") {
  const NormalizeVectors normalize{parse_normalize_recipe("unit,center,unit")};
  const auto learn = [&](std::vector<MethodStep> steps) {
    steps.insert(steps.begin(), normalize);
    return test::learn_toy({"mine", std::move(steps)}).learned;
  };
  const LearnResult plain = learn({MapMultistep{{.ridge = 1}}});
  for (const MethodStep& step :
       {MethodStep{RefineRcsls{{.iterations = 3}}}, MethodStep{RefineContrastive{{.steps = 4}}}}) {
    const LearnResult refined = learn({MapMultistep{{.ridge = 1}}, step});
    REQUIRE(refined.mapping.source.matrix != plain.mapping.source.matrix);
    REQUIRE(refined.iterations.size() >= 3);
    REQUIRE(refined.mapping.steps.back() == to_string(step));
    REQUIRE_THROWS_AS(learn({step, MapMultistep{}}), Error);
  }
  // Too few pairs to choose by: the first ridge.
  REQUIRE(learn({MapChosenMultistep{{1, 0.1}}}).mapping.source.matrix ==
          plain.mapping.source.matrix);
  REQUIRE_THROWS_AS(learn({MapChosenMultistep{}}), Error);
}
