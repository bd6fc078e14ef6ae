#include "support/catch.hpp"

#include <xalign/error.h>
#include <xalign/method.h>

#include <string>

using namespace xalign;

namespace {

std::string message_of(const char* name, const MethodOptions& options = {}) {
  try {
    make_method(name, options);
  } catch (const Error& error) {
    REQUIRE(error.kind() == ErrorKind::config);
    return error.what();
  }
  return "accepted";
}

double ridge_of_auto(Index pairs) {
  return std::get<MapMultistep>(resolve({"", {MapAuto{}}}, pairs, 10).steps.back()).options.ridge;
}

}  // namespace

TEST_CASE("every named method is a list of printable steps") {
  for (const std::string& name : method_names()) {
    const Method method = make_method(name);
    REQUIRE(method.name == name);
    REQUIRE(method.steps.size() >= 2);
    REQUIRE(to_string(method.steps.front()) == "normalize(unit,center,unit)");
  }
  REQUIRE(to_string(make_method("procrustes").steps.back()) == "procrustes()");
  REQUIRE(to_string(make_method("cca").steps.back()) == "multistep(p=0, q=0, dewhiten=false)");
  MethodOptions options;
  options.dimensions = 50;
  REQUIRE(to_string(make_method("multistep", options).steps.back()) ==
          "multistep(p=0.5, q=0.5, dimensions=50)");
  options = {};
  options.lambda = 0.25;
  options.normalize.clear();
  REQUIRE(make_method("ridge", options).steps.size() == 1);
  REQUIRE(to_string(make_method("ridge", options).steps.back()) == "ridge(lambda=0.25)");
}

TEST_CASE("a method that is not known, or an option without effect, is refused") {
  REQUIRE(message_of("procrustus") ==
          "method: unknown method 'procrustus' (expected auto, procrustes, multistep, ridge, "
          "cca, rcsls, contrastive, c1 or vecmap); did you mean 'procrustes'?");
  MethodOptions options;
  options.dimensions = 10;
  REQUIRE(message_of("procrustes", options).find("dimensions: ") == 0);
  options = {};
  options.lambda = 1;
  REQUIRE(message_of("cca", options).find("lambda: ") == 0);
  options.lambda = -1;
  REQUIRE(message_of("ridge", options).find("lambda: ") == 0);
  options = {};
  options.dimensions = -1;
  REQUIRE(message_of("auto", options).find("dimensions: ") == 0);
}

TEST_CASE("auto does what the number of seeds calls for") {
  const auto steps = [](Index seeds, Index words, const MethodOptions& options = {}) {
    return resolve(make_method("auto", options), seeds, words);
  };
  const auto lists = [&](Index seeds, const MethodOptions& options = {}) {
    const Method method = steps(seeds, 20'000, options);
    REQUIRE(method.steps.size() == 2);
    return std::get<ChooseMethod>(method.steps[1]).methods;
  };
  REQUIRE(lists(5000)[0].name == "multistep");
  REQUIRE(lists(5000).size() == 3);
  const Method few = steps(1000, 20'000);
  REQUIRE(std::holds_alternative<SelfLearning>(few.steps[2]));
  REQUIRE(std::holds_alternative<RefineContrastive>(few.steps.back()));
  REQUIRE(steps(1000, 500).steps.size() == 2);  // too few words to learn from
  REQUIRE(finds_pairs(steps(49, 20'000)));
  REQUIRE(!finds_pairs(steps(50, 20'000)));
  REQUIRE(finds_pairs(steps(0, 500)));
  REQUIRE(!finds_pairs(make_method("multistep")));
  MethodOptions options;
  options.self_learning = true;
  options.dimensions = 50;
  for (const Method& list : lists(5000, options)) {
    REQUIRE(std::holds_alternative<SelfLearning>(list.steps[1]));
    const bool refined = std::holds_alternative<RefineContrastive>(list.steps.back());
    REQUIRE(std::get<MapMultistep>(list.steps.end()[refined ? -2 : -1]).options.dimensions == 50);
  }
  options = {};
  options.find_pairs = true;
  options.source = PairSource::numerals;
  const auto choice = [&](Index seeds) {
    return std::get<KeepBest>(steps(seeds, 20'000, options).steps[1]);
  };
  REQUIRE(choice(5000).methods.size() == 1);
  REQUIRE(choice(5000).reserve.empty());
  options.source.reset();
  REQUIRE(choice(0).methods.size() > 1);
  REQUIRE(choice(0).reserve.size() == 1);
  REQUIRE(finds_pairs(make_method("vecmap", options)));
  options.self_learning = true;
  REQUIRE(message_of("ridge", options).find("self_learning: ") == 0);
}

TEST_CASE("refinements go on from the map of the seeds or from self-learning") {
  for (const char* name : {"rcsls", "contrastive"}) {
    MethodOptions options;
    const std::vector<MethodStep> alone = make_method(name, options).steps;
    options.self_learning = true;
    const std::vector<MethodStep> behind = make_method(name, options).steps;
    REQUIRE(alone.size() == 3);
    REQUIRE(behind.size() == 4);
    REQUIRE(std::holds_alternative<SelfLearning>(behind[2]));
    REQUIRE(behind.back().index() == alone.back().index());
    options.dimensions = 20;
    const std::vector<MethodStep> reduced = make_method(name, options).steps;
    REQUIRE(std::get<MapMultistep>(reduced[3]).options.dimensions == 20);
  }
  MethodOptions options;
  options.self_learning = true;
  REQUIRE(message_of("c1", options).find("self_learning: ") == 0);
}

TEST_CASE("auto trusts the covariances more, the more pairs there are") {
  REQUIRE(ridge_of_auto(10) == ridge_of_auto(100));
  for (const Index pairs : {600, 1000, 2000, 5000, 20000})
    REQUIRE(ridge_of_auto(pairs) < ridge_of_auto(pairs / 2));
  REQUIRE(ridge_of_auto(20000) < 0.03);
  REQUIRE(to_string(resolve({"", {MapProcrustes{}}}, 10, 10).steps.back()) == "procrustes()");
}
