#include "analysis_report.h"
#include "support/catch.hpp"

#include <algorithm>
#include <limits>
#include <string>

using Catch::Contains;
using namespace xalign::cli;

namespace {

Finding the_finding(const Figures& figures, const std::string& about) {
  const auto all = findings(figures);
  const auto found = std::ranges::find(all, about, &Finding::about);
  REQUIRE(found != all.end());
  return *found;
}

bool is_silent(const Figures& figures, const std::string& about) {
  const auto all = findings(figures);
  return std::ranges::find(all, about, &Finding::about) == all.end();
}

Finding of_gap(double gap, const std::string& about = "isometry.spectrum") {
  return the_finding({{"isometry", "singular_value_gap", gap}}, about);
}

Finding of_relations(double similarity) {
  return the_finding(
      {{"isometry", "relational_similarity", similarity}, {"pairs", "pairs", kFewPairs}},
      "isometry.relations");
}

Figures hubs(double nn, double csls) {
  return {{"source.hubness.nn", "skewness", nn}, {"source.hubness.csls", "skewness", csls}};
}

Figures languages(double count, double identified, double distance) {
  return {{"space", "languages", count},
          {"space", "centroid_distance", distance},
          {"space", "language_identification", identified}};
}

}  // namespace

TEST_CASE("a singular value gap is held against what was measured") {
  const std::string alike = "measured for vectors trained alike";
  struct Case {
    double gap;
    const char* verdict;
    std::string text;
  };
  for (const auto& [gap, verdict, text] :
       {Case{0, "alike", "gap 0, below the 0.3 to 1.6 " + alike + ")"},
        Case{0.1587, "alike", "gap 0.1587, below the 0.3 to 1.6 " + alike + ")"},
        Case{0.3, "alike", "gap 0.3, within the 0.3 to 1.6 " + alike + ")"},
        Case{1.6, "alike", "gap 1.6, within the 0.3 to 1.6 " + alike + ")"},
        Case{1.61, "alike", "gap 1.61, between the 0.3 to 1.6 " + alike + " and the 22 to 58"},
        Case{4.9, "alike", "nearly alike (singular value gap 4.9, between"},
        Case{5, "unlike", "not isometric (singular value gap 5, between"},
        Case{21.99, "unlike", "gap 21.99, between the"},
        Case{22, "unlike", "far from isometric (singular value gap 22, within the 22 to 58"},
        Case{58, "unlike", "gap 58, within the 22 to 58"},
        Case{58.04, "unlike", "gap 58.04, above the 22 to 58 measured for vectors trained unlike)"},
        // As it is printed, it is within.
        Case{1.60001, "alike", "gap 1.6, within"}, Case{0.29999, "alike", "gap 0.3, within"}}) {
    const Finding finding = of_gap(gap);
    CHECK(finding.verdict == verdict);
    CHECK_THAT(finding.text, Contains(text));
  }
}

TEST_CASE("an infinite singular value gap is never alike") {
  const double infinite = std::numeric_limits<double>::infinity();
  const auto of = [&](double lacking) {
    return the_finding(
        {{"isometry", "singular_value_gap", infinite}, {"isometry", "lacking_directions", lacking}},
        "isometry.spectrum");
  };
  CHECK(of(3).verdict == "unlike");
  CHECK_THAT(of(3).text, Contains("no variance in 3 directions in which the other has"));
  CHECK_THAT(of(1).text, Contains("in 1 direction in"));
}

TEST_CASE("what to expect without seeds is claimed of gaps that were tried") {
  const std::string about = "isometry.without_seeds";
  CHECK_THAT(of_gap(1.6, about).text, Contains("may work; of vectors trained alike"));
  CHECK_THAT(of_gap(1.7, about).text, Contains("may work, but no pair with such a gap was tried"));
  CHECK(of_gap(4.9, about).verdict == "possible");
  CHECK(of_gap(5, about).verdict == "unlikely");
  CHECK_THAT(of_gap(5, about).text, Contains("no pair with such a gap was tried"));
  CHECK_THAT(of_gap(22, about).text, Contains("expect nothing"));
}

TEST_CASE("a relational similarity is held against what was measured") {
  struct Case {
    double similarity;
    const char *verdict, *text;
  };
  for (const auto& [similarity, verdict, text] :
       {Case{-0.02, "unrelated", "similarity -0.02, below the 0.28 to 0.38 measured"},
        Case{0.0999, "unrelated", "not related alike"},
        Case{0.1, "weak", "much less alike than in other pairs (relational similarity 0.1, below"},
        Case{0.2499, "weak", "similarity 0.2499, below the 0.28 to 0.38 measured"},
        Case{0.25, "usual",
             "a little less alike than in other pairs (relational similarity 0.25, "
             "below the 0.28 to 0.38 measured"},
        Case{0.2799, "usual", "a little less alike"},
        Case{0.28, "usual", "as in other pairs (relational similarity 0.28, within"},
        Case{0.38, "usual", "as in other pairs (relational similarity 0.38, within"},
        Case{0.3801, "usual",
             "more alike than in other pairs (relational similarity 0.3801, above"},
        Case{0.4891, "usual", "similarity 0.4891, above the 0.28 to 0.38 measured"}}) {
    const Finding finding = of_relations(similarity);
    CHECK(finding.verdict == verdict);
    CHECK_THAT(finding.text, Contains(text));
  }
}

TEST_CASE("hubs are those of the table: a skew above 2, and CSLS helps where it leaves none") {
  const std::string about = "source.hubness.nn";
  CHECK(is_silent(hubs(2, 1), about));
  CHECK(is_silent(hubs(2.00001, 1), about));  // printed as 2
  CHECK(the_finding(hubs(2.001, 1.9), about).verdict == "hubs_csls_helps");
  CHECK_THAT(the_finding(hubs(2.001, 1.9), about).text,
             Contains("(skew 2.001); CSLS spreads them (1.9)"));
  CHECK(the_finding(hubs(10, 2), about).verdict == "hubs_csls_helps");
  const Finding some = the_finding(hubs(10, 4.9), about);
  CHECK(some.verdict == "hubs");
  CHECK_THAT(some.text, Contains("(skew 10); CSLS leaves some (4.9)"));
  CHECK_THAT(the_finding(hubs(3, 3), about).text, Contains("CSLS does not help (3)"));
}

TEST_CASE("languages are told apart against what is neutral for their number") {
  const std::string about = "space.languages";
  CHECK(is_silent(languages(2, 0.6999, 0.5), about));
  CHECK_THAT(the_finding(languages(2, 0.7, 0.5), about).text,
             Contains("70 % of the words") && Contains("(50 % = neutral for 2 languages)"));
  CHECK(is_silent(languages(4, 0.5499, 0.5), about));
  CHECK_THAT(the_finding(languages(4, 0.5512, 0.5), about).text,
             Contains("55.12 % of the words") && Contains("(25 % = neutral for 4 languages)"));
  const auto text = [&](double distance) {
    return the_finding(languages(2, 0.9, distance), about).text;
  };
  CHECK_THAT(text(0.04), Contains("close together (centroid distance 0.04, below the 0.05 to 0.08 "
                                  "measured in mapped spaces)"));
  CHECK_THAT(text(0.08), Contains("0.08, within the 0.05 to 0.08"));
  CHECK_THAT(text(0.0801), Contains("0.0801, above the 0.05 to 0.08 measured in mapped spaces and "
                                    "below the 0.38 in an unmapped one), so centering"));
  CHECK(the_finding(languages(2, 0.9, 0.2), about).verdict == "told_apart");
  CHECK(the_finding(languages(2, 0.9, 0.2001), about).verdict == "apart");
  CHECK_THAT(text(0.2001), Contains("lie apart (centroid distance 0.2001, above the 0.05 to 0.08"));
  CHECK_THAT(text(0.38), Contains("and at the 0.38"));
  CHECK_THAT(text(0.83), Contains("and above the 0.38"));
}

TEST_CASE("a common direction is printed as in the table, and nothing is said of the infinite") {
  const auto with = [](double cosine) {
    return Figures{{"source.isotropy", "mean_cosine", cosine}};
  };
  CHECK(is_silent(with(0.1), "source.isotropy"));
  CHECK_THAT(the_finding(with(0.1175), "source.isotropy").text, Contains("mean cosine 0.1175"));
  const double infinite = std::numeric_limits<double>::infinity();
  CHECK(findings({{"isometry", "singular_value_gap", infinite}}).empty());
  CHECK(figure_text(0.15874) == "0.1587");
}
