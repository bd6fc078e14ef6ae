#include "support/catch.hpp"
#include "support/temporary_folder.h"
#include "support/toy_mapping.h"

#include <xalign/checkpoint.h>
#include <xalign/error.h>
#include <xalign/parallel.h>

#include <algorithm>

using namespace xalign;

namespace {

const Method kPoor{"poor", {MapMultistep{{.dimensions = 2}}}};
const Method kGood{"good", {MapMultistep{{.ridge = 1}}}};
const Method kLearned{"learned",
                      {MapMultistep{{.ridge = 1}}, SelfLearning{{{.repeat = 3, .keep = 0.5}}}}};

/// Learns on two languages that differ by a linear map and noise; word i translates to word i.
LearnResult learn(std::vector<MethodStep> steps, Index seeds = 360,
                  const LearnOptions& options = {}) {
  auto source = test::toy_embeddings(600, 24, "s", 1),
       target = test::toy_embeddings(600, 24, "t", 2);
  target.vectors = source.vectors * test::random_matrix(24, 24, 3) / 5 + 0.7F * target.vectors;
  steps.insert(steps.begin(), NormalizeVectors{MethodOptions{}.normalize});
  return learn_mapping(source, target, test::diagonal_pairs(seeds), {"test", steps}, options);
}

LearnResult choose(std::vector<Method> methods, Index seeds = 360,
                   const LearnOptions& options = {}) {
  return learn({ChooseMethod{std::move(methods)}}, seeds, options);
}

const MethodTrial& trial_of(const LearnResult& result, const char* name) {
  const auto found = std::find_if(result.method_trials.begin(), result.method_trials.end(),
                                  [&](const MethodTrial& trial) { return trial.name == name; });
  REQUIRE(found != result.method_trials.end());
  return *found;
}

}  // namespace

TEST_CASE("the list that translates held-out seeds clearly better runs from all seeds") {
  const LearnResult chosen = choose({kPoor, kGood}), good = learn(kGood.steps);
  REQUIRE(chosen.mapping.source.matrix == good.mapping.source.matrix);
  REQUIRE(chosen.mapping.target.matrix == good.mapping.target.matrix);
  REQUIRE(chosen.mapping.steps == good.mapping.steps);
  REQUIRE(chosen.pairs.size() == 360);
  REQUIRE(chosen.method_trials.size() == 2);
  const MethodTrial &first = chosen.method_trials[0], &second = chosen.method_trials[1];
  REQUIRE((!first.chosen && second.chosen));
  REQUIRE(first.words == 100);
  REQUIRE(first.gain.mean == 0);
  REQUIRE(second.gain.mean == second.mean_reciprocal_rank - first.mean_reciprocal_rank);
  REQUIRE(second.gain.mean > second.gain.standard_error);
}

TEST_CASE("the first list is left for a clear win only") {
  Method again = kGood;
  again.name = "again";
  const LearnResult same = choose({kGood, again, kPoor});
  REQUIRE(same.method_trials[0].chosen);
  REQUIRE(trial_of(same, "again").mean_reciprocal_rank ==
          trial_of(same, "good").mean_reciprocal_rank);
  // Too few seeds to tell: no trials at all.
  const LearnResult few = choose({kPoor, kGood}, 299);
  REQUIRE(few.method_trials.empty());
  REQUIRE(few.mapping.dimension() == 2);
}

TEST_CASE("a list that goes on from another gives what it gives alone") {
  const LearnResult after = choose({kGood, kLearned}), before = choose({kLearned, kGood});
  for (const char* name : {"good", "learned"})
    REQUIRE(trial_of(after, name).mean_reciprocal_rank ==
            trial_of(before, name).mean_reciprocal_rank);
}

TEST_CASE("without time the first list is taken") {
  LearnOptions options;
  options.time_limit = 1e-9;
  const LearnResult result = choose({kGood, kLearned}, 360, options);
  REQUIRE(result.method_trials.empty());
  REQUIRE(result.mapping.source.matrix == learn(kGood.steps).mapping.source.matrix);
}

TEST_CASE("a choice gives the same bytes for any number of threads") {
  const auto run = [](int threads) {
    const ThreadLimit limit(threads);
    return choose({kPoor, kGood, kLearned});
  };
  const LearnResult one = run(1), three = run(3);
  REQUIRE(one.mapping.source.matrix == three.mapping.source.matrix);
  REQUIRE(one.mapping.steps == three.mapping.steps);
  for (std::size_t i = 0; i < 3; ++i)
    REQUIRE(one.method_trials[i].gain.standard_error == three.method_trials[i].gain.standard_error);
}

TEST_CASE("a run that is resumed behind a choice keeps to it") {
  std::vector<Checkpoint> points;
  LearnOptions options;
  options.checkpoint = [&](const Checkpoint& point) { points.push_back(point); };
  Method longer = kLearned;
  longer.steps.push_back(RefineContrastive{{.steps = 3}});
  const LearnResult whole = choose({kPoor, longer}, 360, options);
  // Behind each of three rounds, each of three steps, and the choice.
  REQUIRE(points.size() == 7);
  const test::TemporaryFolder folder;
  const std::string path = folder / "run.xmap";
  for (const Checkpoint& written : points) {
    write_checkpoint(path, written);
    const Checkpoint point = read_checkpoint(path);
    LearnOptions resumed;
    resumed.resume = &point;
    const LearnResult rest = choose({kPoor, longer}, 360, resumed);
    REQUIRE(rest.mapping.source.matrix == whole.mapping.source.matrix);
    REQUIRE(rest.mapping.steps == whole.mapping.steps);
    REQUIRE(rest.method_trials.empty());
  }
}

TEST_CASE("a choice holds lists that make maps of the seeds") {
  REQUIRE_THROWS_AS(choose({}), Error);
  REQUIRE_THROWS_AS(choose({{"nested", {ChooseMethod{{kGood}}}}}), Error);
  REQUIRE_THROWS_AS(choose({kGood, {"no map", {RefineContrastive{}}}}), Error);
  REQUIRE_THROWS_AS(learn({ChooseMethod{{kGood}, 0}}), Error);
}
