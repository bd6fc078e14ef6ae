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
  return std::get<MapMultistep>(resolve({"", {MapAuto{}}}, pairs, 20000).steps.back())
      .options.ridge;
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
          "cca or vecmap); did you mean 'procrustes'?");
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

TEST_CASE("auto trusts the covariances more, the more pairs there are") {
  REQUIRE(ridge_of_auto(10) == ridge_of_auto(100));
  for (const Index pairs : {600, 1000, 2000, 5000, 20000})
    REQUIRE(ridge_of_auto(pairs) < ridge_of_auto(pairs / 2));
  REQUIRE(ridge_of_auto(20000) < 1e-2);
  REQUIRE(to_string(resolve({"", {MapProcrustes{}}}, 10, 10).steps.back()) == "procrustes()");
}
