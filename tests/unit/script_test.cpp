#include "support/catch.hpp"

#include <xalign/script.h>

using namespace xalign;

TEST_CASE("words have the script of most of their letters") {
  REQUIRE(script_of("house") == "Latn");
  REQUIRE(script_of("d\xc3\xa9j\xc3\xa0-vu2") == "Latn");
  REQUIRE(script_of("\xd0\xb4\xd0\xbe\xd0\xbc") == "Cyrl");
  REQUIRE(script_of("x\xd0\xb4\xd0\xbe\xd0\xbc") == "Cyrl");
  REQUIRE(script_of("\xd0\xb4x") == "Cyrl");  // one each: the first
  REQUIRE(script_of("\xe4\xb8\xad\xe6\x96\x87") == "Hani");
  REQUIRE(script_of("\xce\xb1\xce\xb2") == "Grek");
}

TEST_CASE("words without letters, and without text") {
  REQUIRE(script_of("1999") == "Zyyy");
  REQUIRE(script_of("...") == "Zyyy");
  REQUIRE(script_of("") == "Zyyy");
  REQUIRE(script_of("\xff\xfe") == "Zzzz");
}
