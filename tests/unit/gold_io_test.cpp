#include "support/catch.hpp"
#include "support/temporary_folder.h"

#include <xalign/error.h>
#include <xalign/gold_io.h>

#include <string>

using namespace xalign;

namespace {

template <class Read>
std::string message_of(Read read, const std::string& path) {
  try {
    read(path);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::data);
    const std::string what = error.what();
    return what.substr(what.rfind('/') + 1);
  }
  return "";
}

}  // namespace

TEST_CASE("similarity data sets are read as they are published") {
  const test::TemporaryFolder folder;
  // SemEval-2017: phrases and tabs.
  auto pairs = read_similarity(
      folder.file("semeval", "Promised Land\tBaku\t0.42\r\ncar\tbicycle\t2.83\r\n"));
  REQUIRE(pairs.size() == 2);
  CHECK(pairs[0].first == "Promised Land");
  CHECK(pairs[0].score == 0.42);
  CHECK(pairs[1].group.empty());
  // Multi-SimLex: a group behind the score.
  pairs = read_similarity(folder.file("multisimlex", "auto \ttie\t1.2000\tnouns\n"));
  CHECK(pairs[0].first == "auto");
  CHECK(pairs[0].group == "nouns");
  // SimLex-999: a header, the group before the score, more columns.
  pairs = read_similarity(
      folder.file("simlex", "word1\tword2\tPOS\tSimLex999\tconc(w1)\nold\tnew\tA\t1.58\t2.72\n"));
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].score == 1.58);
  CHECK(pairs[0].group == "A");
  // WordSim-353: CSV with a header; the same with blanks.
  pairs = read_similarity(folder.file("csv", "Word 1,Word 2,Human (mean)\nlove,sex,6.77\n"));
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].second == "sex");
  CHECK(read_similarity(folder.file("blanks", "love sex 6.77\n"))[0].score == 6.77);
}

TEST_CASE("bad similarity data is refused at its line") {
  const test::TemporaryFolder folder;
  const auto refused = [&](const std::string& text) {
    return message_of(read_similarity, folder.file("bad", text));
  };
  CHECK(refused("") ==
        "bad: no entries (expected lines of two words and a score); is this the "
        "right file?");
  CHECK(refused("a\tb\t1\na\tb\n") ==
        "bad:2: 2 columns, 'a\\x09b' (expected two words and a score); give both words and the "
        "score, or remove the line");
  CHECK(refused("a\tb\t1\na\tb\tmany\n") ==
        "bad:2: 'many' in the third column (expected a score); mend or remove the line");
  CHECK(refused("a\tb\tnan\n") ==
        "bad:1: score nan (expected a finite number); mend or remove the "
        "line");
  // A header has no figure, and something below it.
  CHECK(refused("word1\tword2\tscore\n") ==
        "bad:1: 'score' in the third column (expected a score); mend or remove the line");
  CHECK(refused("a\tb\t7,5\nc\td\t6\n") ==
        "bad:1: '7,5' in the third column (expected a score); mend or remove the line");
  CHECK(refused("a\tb\t-\nc\td\n") ==
        "bad:2: 2 columns, 'c\\x09d' (expected two words and a score); give both words and the "
        "score, or remove the line");
  CHECK(refused("\n\tb\t1\n") ==
        "bad:2: an empty word (expected words in all columns); remove the "
        "line or give the word");
}

TEST_CASE("analogies of word2vec and in tabs") {
  const test::TemporaryFolder folder;
  auto set = read_analogies(
      folder.file("word2vec",
                  ": capitals\nAthens Greece Oslo Norway\n: empty\n\n: family\nboy girl "
                  "king queen\nking queen boy girl\n"));
  CHECK(set.categories == std::vector<std::string>{"capitals", "family"});
  REQUIRE(set.questions.size() == 3);
  CHECK(set.questions[2].words[3] == "girl");
  CHECK(set.questions[2].category == 1);
  set = read_analogies(folder.file("tabs",
                                   "# Somebody (2014)\na1\ta2\tb1\tb2\n# Noun\tAntonym\t(P# "
                                   "30)\nwar time\tpeace\t#day\tnight\n"));
  CHECK(set.categories == std::vector<std::string>{"Noun Antonym"});
  CHECK(set.questions[0].words[0] == "war time");
  set = read_analogies(folder.file("plain", "a b c d\n"));
  CHECK(set.categories == std::vector<std::string>{"all"});
}

TEST_CASE("bad analogies are refused at their line") {
  const test::TemporaryFolder folder;
  const auto refused = [&](const std::string& text) {
    return message_of(read_analogies, folder.file("bad", text));
  };
  CHECK(refused("# only a comment\n") ==
        "bad: no entries (expected lines of four words); is this the right file?");
  CHECK(refused("a b c d\na b c\n") ==
        "bad:2: 3 columns, 'a b c' (expected four words (a is to b as c is to d), or a category ': "
        "NAME'); separate phrases by tabs");
  CHECK(refused(":\na b c d\n") == "bad:1: a category without a name (expected : NAME); name it");
}

TEST_CASE("labels of words and of rows") {
  const test::TemporaryFolder folder;
  auto set = read_labels(folder.file("words", "cat\tanimal\noak\tplant\n"));
  CHECK(set.words == std::vector<std::string>{"cat", "oak"});
  CHECK(set.labels == std::vector<std::string>{"animal", "plant"});
  set = read_labels(folder.file("rows", "7\n7\n9\n"));
  CHECK(set.words.empty());
  CHECK(set.labels.size() == 3);
  const auto refused = [&](const std::string& text) {
    return message_of(read_labels, folder.file("bad", text));
  };
  CHECK(refused("cat\tanimal\noak\n") ==
        "bad:2: one column (expected 2 columns as before); mend or "
        "remove the line");
  CHECK(refused("a\tb\tc\n") ==
        "bad:1: 3 columns (expected a word and its label, or a label); mend or remove the line");
}

TEST_CASE("gold sets that are not UTF-8 are refused at their line") {
  const test::TemporaryFolder folder;
  const std::string remedy =
      " is not UTF-8 (expected UTF-8); convert it, e.g. iconv -f LATIN1 -t UTF-8";
  CHECK(message_of(read_similarity, folder.file("bad", "a\tb\t1\n\xe9t\xe9\tb\t2\n")) ==
        "bad:2: '\\xe9t\\xe9\\x09b\\x092'" + remedy);
  CHECK(message_of(read_analogies, folder.file("bad", "a b c d\na b c \xff\n")) ==
        "bad:2: 'a b c \\xff'" + remedy);
  CHECK(message_of(read_labels, folder.file("bad", "\xfc\tx\n")) ==
        "bad:1: '\\xfc\\x09x'" + remedy);
}
