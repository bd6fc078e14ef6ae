#include "support/catch.hpp"
#include "support/temporary_folder.h"

#include <xalign/error.h>
#include <xalign/lexicon_io.h>

#include <vector>

using Catch::Contains;
using xalign::Error;
using xalign::Lexicon;
using xalign::LexiconEntry;
using xalign::read_lexicon;
using xalign::write_lexicon;
using xalign::test::TemporaryFolder;

namespace xalign {

static bool operator==(const LexiconEntry& a, const LexiconEntry& b) {
  return a.source == b.source && a.target == b.target && a.weight == b.weight;
}

}  // namespace xalign

namespace {

std::string message_of(const std::string& path, bool strict = false) {
  try {
    read_lexicon(path, {.strict = strict});
  } catch (const Error& error) {
    return std::string(error.what()).substr(path.rfind('/') + 1);
  }
  return "no error";
}

}  // namespace

TEST_CASE("a dictionary may be separated by tabs, blanks or commas") {
  const TemporaryFolder folder;
  const Lexicon pairs = {{"dog", "chien"}, {"cat", "chat"}};
  const Lexicon phrases = {{"New York", "New York"}, {"a, b", "say \"c\""}};
  const auto read = [&](const std::string& text) {
    return read_lexicon(folder.file("d", text)).lexicon;
  };
  REQUIRE(read("dog\tchien\ncat\tchat\n") == pairs);
  REQUIRE(read("dog chien\ncat   chat") == pairs);
  REQUIRE(read("dog,chien\ncat, chat\n") == pairs);
  REQUIRE(read("\xef\xbb\xbf"
               "dog chien \r\n\r\n# note, no entry\r\ncat chat\r\n") == pairs);
  REQUIRE(read("#\n\n  \ndog\t chien \ncat\tchat\t\n") == pairs);
  REQUIRE(read("New York\tNew York\na, b\tsay \"c\"\n") == phrases);
  REQUIRE(read("\"New York\",New York\n\"a, b\",\"say \"\"c\"\"\"\n") == phrases);
  REQUIRE(read("#\t#\n#the\tle\n# dog\tchien\n#dog chien\n") ==
          Lexicon{{"#", "#"}, {"#the", "le"}});
  REQUIRE(read("1,5 1.5\ndog chien\n") == Lexicon{{"1,5", "1.5"}, {"dog", "chien"}});
  REQUIRE(read("\"dog\" chien\n") == Lexicon{{"\"dog\"", "chien"}});
}

TEST_CASE("a third column is a weight") {
  const TemporaryFolder folder;
  const Lexicon expected = {{"dog", "chien", 0.5F}, {"cat", "chat", 2}};
  for (const char* text : {"dog\tchien\t0.5\ncat\tchat\t2\n", "dog chien 0.5\ncat chat 2\n",
                           "dog,chien,0.5\ncat,chat,2\n"}) {
    const auto read = read_lexicon(folder.file("d", text));
    REQUIRE(read.lexicon == expected);
    REQUIRE(read.report.weights);
  }
}

TEST_CASE("a dictionary's lines are counted") {
  const TemporaryFolder folder;
  const auto report = read_lexicon(folder.file("d", "# c\n\na b\n\xff c\n")).report;
  REQUIRE(report.separator == ' ');
  REQUIRE(report.lines == 4);
  REQUIRE(report.comments == 2);
  REQUIRE(report.bad_utf8 == 1);
  REQUIRE_FALSE(report.weights);
}

TEST_CASE("a bad dictionary is told with its line") {
  const TemporaryFolder folder;
  struct Case {
    std::string text, start, mentions;
  };
  const std::vector<Case> cases = {
      {"", "d: no entries", ""},
      {"# only\n\n", "d: no entries", ""},
      {"a b\nword\n", "d:2: one column, 'word'", "source, target"},
      {"a\tb\n\nword\n", "d:3: one column, 'word'", "tab"},
      {"a\tb\nc d\n", "d:2: one column, 'c d'", "tab"},
      {"a b\nNew York New York\n", "d:2: 4 columns", "tab"},
      {"a b\nNew York Big\n", "d:2: 'Big' in the third column", "tab"},
      {"a\tb\tc\td\n", "d:1: 4 columns", ""},
      {"a\tb\tx\n", "d:1: 'x' in the third column", "a weight"},
      {"a\tb\t0\n", "d:1: weight 0", "a positive number"},
      {"a\tb\t-1\n", "d:1: weight -1", "a positive number"},
      {"a\tb\tnan\n", "d:1: weight nan", "a positive number"},
      {"a\tb\tinf\n", "d:1: weight inf", "a positive number"},
      {"a\tb\n\tc\n", "d:2: an empty word", ""},
      {"a\tb\nc\t\n", "d:2: ", ""},
      {"a,b\n\"c,d\n", "d:2: quotes", "CSV"},
      {"a,b\nc\n", "d:1: one column, 'a,b'", "commas"},
  };
  for (const Case& bad : cases) {
    const std::string message = message_of(folder.file("d", bad.text));
    REQUIRE(message.substr(0, bad.start.size()) == bad.start);
    REQUIRE_THAT(message, Contains(bad.mentions));
  }
  REQUIRE_THAT(message_of(folder.file("d", "a b\n\xff c\n"), true), Contains("d:2: "));
  REQUIRE_THAT(message_of(folder / "absent"), Contains("absent: no such file"));
  REQUIRE_THAT(message_of(folder / ""), Contains("a directory"));
}

TEST_CASE("a third column may be left unread") {
  const TemporaryFolder folder;
  const std::string path = folder.file("d", "a\tb\tnoun\nc\td\t0\ne\tf\n");
  REQUIRE_THROWS_AS(read_lexicon(path), Error);
  const auto read = read_lexicon(path, {.ignore_weights = true});
  REQUIRE(read.lexicon == Lexicon{{"a", "b"}, {"c", "d"}, {"e", "f"}});
  REQUIRE_FALSE(read.report.weights);
}

TEST_CASE("a written dictionary reads back") {
  const TemporaryFolder folder;
  for (const Lexicon& lexicon :
       {Lexicon{{"a", "b"}, {"New York", "a,b"}, {"#", "\"q\""}, {"#tag", "#tag"}},
        Lexicon{{"a", "b", 0.1F}, {"c", "d", 1}, {"e", "f", 1e-20F}}})
    for (const char* name : {"d.tsv", "d.tsv.gz"}) {
      write_lexicon(folder / name, lexicon);
      REQUIRE(read_lexicon(folder / name).lexicon == lexicon);
    }
  for (const char* word : {"", "a\tb", "a\nb"})
    REQUIRE_THROWS_AS(write_lexicon(folder / "bad", {{"a", word}}), Error);
  REQUIRE_FALSE(std::filesystem::exists(folder / "bad"));
}
