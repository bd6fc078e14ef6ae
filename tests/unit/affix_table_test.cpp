#include "mapping/affix_table.h"

#include "support/catch.hpp"

#include <cmath>
#include <vector>

using namespace xalign;

namespace {

const std::vector<std::string_view> kCandidates{"buchladen", "bucherei", "baumhaus", "lesen",
                                                "gehen",     "schlafen", "laut",     "rot"};

AffixTable learned() {
  return {SpellingTable(kCandidates),
          {{U"bookshop", U"buchladen"},
           {U"bookish", U"buchlich"},
           {U"toread", U"lesen"},
           {U"towalk", U"gehen"}}};
}

}  // namespace

TEST_CASE("words of the family of a known pair match by their beginning") {
  const AffixTable table = learned();
  const auto right = table.compare(U"bookcase", U"bucherei");
  const auto wrong = table.compare(U"bookcase", U"baumhaus");
  CHECK(right.beginning > 0);
  CHECK(right.beginning > wrong.beginning);
  CHECK(table.compare(U"xylem", U"rot").beginning == 0);
}

TEST_CASE("affixes that known translations have more often than all words are usual") {
  const AffixTable table = learned();
  CHECK(table.compare(U"tosleep", U"schlafen").usual_ending >
        table.compare(U"tosleep", U"laut").usual_ending);
}

TEST_CASE("an affix table without pairs, or with empty keys, tells nothing") {
  const AffixTable none(SpellingTable(kCandidates), {});
  const auto match = none.compare(U"bookcase", U"bucherei");
  CHECK(match.beginning == 0);
  CHECK(match.ending == 0);
  CHECK(std::abs(match.usual_beginning) < 1e-6F);
  CHECK(std::abs(match.usual_ending) < 1e-6F);
  CHECK(std::isfinite(learned().compare(U"", U"").beginning));
}
