#include "core/names.h"

#include "support/catch.hpp"

#include <array>

TEST_CASE("names are listed and guessed") {
  constexpr std::array<std::string_view, 3> names{"center", "unit", "zca"};
  REQUIRE(xalign::list_names(names) == "center, unit or zca");
  REQUIRE(xalign::list_names(std::span(names).first(1)) == "center");
  REQUIRE(xalign::did_you_mean("centre", names) == "did you mean 'center'?");
  REQUIRE(xalign::did_you_mean("zac", names) == "did you mean 'zca'?");
  REQUIRE(xalign::did_you_mean("whiten", names).empty());
  REQUIRE(xalign::did_you_mean("center", {}).empty());
}
