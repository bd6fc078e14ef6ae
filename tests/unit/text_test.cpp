#include "support/catch.hpp"

#include <xalign/text.h>

using namespace xalign;

TEST_CASE("well-formed UTF-8 is told from the rest") {
  for (const char* good : {"", "abc", "été", "слово", "日本", "\xf0\x9f\x98\x80"})
    CHECK(is_utf8(good));
  for (const char* bad : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "a\x80z", "\xf5\x80\x80\x80"})
    CHECK_FALSE(is_utf8(bad));
}

TEST_CASE("lower-casing follows Unicode and leaves bad bytes alone") {
  CHECK(to_lower("ABC1") == "abc1");
  CHECK(to_lower("ÉTÉ ΣΑΣ ПРИВЕТ") == "été σας привет");
  CHECK(to_lower("A\xff") == "A\xff");
}

TEST_CASE("printable text stays on one line and short") {
  CHECK(printable("été") == "été");
  CHECK(printable("a\tb\n\xff") == "a\\x09b\\x0a\\xff");
  CHECK(printable("abcdef", 3) == "abc…");
}

TEST_CASE("edit distance") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("multistep", "mutlistep") == 1);
  CHECK(edit_distance("same", "same") == 0);
}

TEST_CASE("the width of text is counted in columns of a terminal") {
  CHECK(display_width("") == 0);
  CHECK(display_width("été слово") == 9);
  CHECK(display_width("日本") == 4);
  CHECK(display_width("e\xcc\x81") == 1);
  CHECK(display_width("a\xff\xc3z") == 4);
}
