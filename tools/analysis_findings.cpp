#include "analysis_report.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace xalign::cli {
namespace {

struct Range {
  double low, high;
};

// What pairs of real vectors measured (docs/analysis.md); limits lie in the wide gaps between.
constexpr Range kAlikeGaps{0.3, 1.6};  // trained alike
constexpr Range kUnlikeGaps{22, 58};   // trained unlike
constexpr double kUnlikeGap = 5;
constexpr Range kRelations{0.28, 0.38};  // pairs of translations; shuffled pairs: 0
constexpr double kRelated = 0.1;
constexpr double kUsuallyRelated = 0.25;
constexpr double kCommonDirection = 0.1;  // mean cosine
constexpr double kHubs = 2;               // skew
constexpr double kApart = 0.4;            // of the way from neutral to 1: 0.7 for two languages
constexpr Range kMappedCentroids{0.05, 0.08};
constexpr double kUnmappedCentroids = 0.38;
constexpr double kFarCentroids = 0.2;

/// The number that the table prints, so that no line says what the table does not; none where it is
/// infinite.
std::optional<double> shown(const Figures& figures, std::string_view section,
                            std::string_view measure) {
  const auto value = value_of(figures, section, measure);
  if (!value || !std::isfinite(*value)) return std::nullopt;
  const std::string text = figure_text(*value);
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string range_text(Range range) {
  return fmt::format("{} to {}", range.low, range.high);
}

/// "within the 0.28 to 0.38"
std::string held_against(double value, Range range) {
  return fmt::format("{} the {}",
                     value < range.low    ? "below"
                     : value > range.high ? "above"
                                          : "within",
                     range_text(range));
}

/// One space has no variance where the other has some.
Finding about_lacking(double directions) {
  return {
      "isometry.spectrum", "unlike",
      fmt::format("The spaces are not isometric: one has no variance in {} direction{} in which "
                  "the other has (singular value gap infinite).",
                  figure_text(directions), directions == 1 ? "" : "s")};
}

Finding about_gap(double gap) {
  const bool alike = gap < kUnlikeGap;
  std::string head, place;
  if (gap <= kAlikeGaps.high) {
    head = "The spaces stretch their directions alike";
    place = held_against(gap, kAlikeGaps) + " measured for vectors trained alike";
  } else if (gap < kUnlikeGaps.low) {
    head =
        alike ? "The spaces stretch their directions nearly alike" : "The spaces are not isometric";
    place = fmt::format(
        "between the {} measured for vectors trained alike and the {} for vectors trained unlike",
        range_text(kAlikeGaps), range_text(kUnlikeGaps));
  } else {
    head = "The spaces are far from isometric";
    place = held_against(gap, kUnlikeGaps) + " measured for vectors trained unlike";
  }
  return {"isometry.spectrum", alike ? "alike" : "unlike",
          fmt::format("{} (singular value gap {}, {}).", head, figure_text(gap), place)};
}

/// Only the gap parts the pairs that were tried without seeds (docs/methods.md, section 4).
Finding about_seeds(double gap) {
  const bool possible = gap < kUnlikeGap;
  std::string expect;
  if (gap <= kAlikeGaps.high)
    expect =
        "it may work; of vectors trained alike, the two pairs tried came to 25 and 44 % "
        "right. Which to expect cannot be told from these figures.";
  else if (possible)
    expect =
        "it may work, but no pair with such a gap was tried; of vectors trained alike, two "
        "pairs came to 25 and 44 % right.";
  else if (gap < kUnlikeGaps.low)
    expect = "expect little, though no pair with such a gap was tried. Give seed pairs.";
  else
    expect =
        "expect nothing; of vectors trained unlike, the one pair tried stayed below 1 % "
        "right. Give seed pairs.";
  return {"isometry.without_seeds", possible ? "possible" : "unlikely",
          "Without seeds and shared spelling: " + expect};
}

Finding about_relations(double similarity) {
  const std::string place =
      fmt::format("relational similarity {}, {} measured in real pairs", figure_text(similarity),
                  held_against(similarity, kRelations));
  if (similarity < kRelated)
    return {"isometry.relations", "unrelated",
            fmt::format("Translations are not related alike ({}): are the files and the dictionary "
                        "of these languages?",
                        place)};
  if (similarity < kUsuallyRelated)
    return {"isometry.relations", "weak",
            fmt::format("Translations are related much less alike than in other pairs ({}): what "
                        "seeds make of such a pair was not measured.",
                        place)};
  const char* head = similarity < kRelations.low    ? "a little less alike than in"
                     : similarity > kRelations.high ? "more alike than in"
                                                    : "as in";
  return {"isometry.relations", "usual",
          fmt::format("Translations are related {} other pairs ({}, where some 3,000 seeds put 18 "
                      "to 51 % right at the first place).",
                      head, place)};
}

void add_language(const Figures& figures, const std::string& name, std::vector<Finding>& found) {
  const auto cosine = shown(figures, name + ".isotropy", "mean_cosine");
  const auto outliers = shown(figures, name + ".isotropy", "outlier_dimensions");
  if (cosine && *cosine > kCommonDirection)
    found.push_back(
        {name + ".isotropy", "common_direction",
         fmt::format("The {} vectors share a direction (mean cosine {}): center them before "
                     "comparing words, as map does.",
                     name, figure_text(*cosine))});
  if (outliers && *outliers > 0)
    found.push_back(
        {name + ".isotropy", "outliers",
         fmt::format("The {} vectors have {} outlier dimension{}; the step outliers of normalize "
                     "removes such.",
                     name, figure_text(*outliers), *outliers == 1 ? "" : "s")});
}

void add_hubness(const Figures& figures, const std::string& nn, const std::string& csls,
                 const std::string& what, std::vector<Finding>& found) {
  const auto before = shown(figures, nn, "skewness"), after = shown(figures, csls, "skewness");
  if (!before || !after || *before <= kHubs) return;
  const bool helps = *after <= kHubs;
  found.push_back({nn, helps ? "hubs_csls_helps" : "hubs",
                   fmt::format("Hubs crowd the neighbours of {} (skew {}); CSLS {} ({}).", what,
                               figure_text(*before),
                               helps              ? "spreads them"
                               : *after < *before ? "leaves some"
                                                  : "does not help",
                               figure_text(*after))});
}

std::string about_centroids(double distance) {
  std::string place;
  if (distance <= kMappedCentroids.high)
    place = held_against(distance, kMappedCentroids) + " measured in mapped spaces";
  else
    place = fmt::format("above the {} measured in mapped spaces and {} the {} in an unmapped one",
                        range_text(kMappedCentroids),
                        distance < kUnmappedCentroids   ? "below"
                        : distance > kUnmappedCentroids ? "above"
                                                        : "at",
                        kUnmappedCentroids);
  const bool far = distance > kFarCentroids;
  return fmt::format("the means lie {} (centroid distance {}, {}){}",
                     far ? "apart" : "close together", figure_text(distance), place,
                     far ? ": center each language" : ", so centering will move the words little");
}

void add_languages(const Figures& figures, std::vector<Finding>& found) {
  const auto identified = shown(figures, "space", "language_identification"),
             distance = shown(figures, "space", "centroid_distance"),
             languages = shown(figures, "space", "languages");
  if (!identified || !distance || !languages) return;
  const double neutral = 1 / *languages;
  if (*identified < neutral + kApart * (1 - neutral)) return;
  found.push_back({"space.languages", *distance > kFarCentroids ? "apart" : "told_apart",
                   fmt::format("{} % of the words are nearest to the mean of their own language "
                               "({} % = neutral for {} languages); {}.",
                               figure_text(100 * *identified), figure_text(100 * neutral),
                               figure_text(*languages), about_centroids(*distance))});
}

}  // namespace

std::vector<Finding> findings(const Figures& figures) {
  std::vector<Finding> found;
  add_language(figures, "source", found);
  add_language(figures, "target", found);
  if (const auto gap = shown(figures, "isometry", "singular_value_gap"))
    found.insert(found.end(), {about_gap(*gap), about_seeds(*gap)});
  else if (const auto lacking = shown(figures, "isometry", "lacking_directions"))
    found.push_back(about_lacking(*lacking));
  const auto similarity = shown(figures, "isometry", "relational_similarity");
  if (similarity && value_of(figures, "pairs", "pairs").value_or(0) >= kFewPairs)
    found.push_back(about_relations(*similarity));
  add_hubness(figures, "source.hubness.nn", "source.hubness.csls", "source words", found);
  add_hubness(figures, "target.hubness.nn", "target.hubness.csls", "target words", found);
  add_hubness(figures, "space.hubness.nn.target", "space.hubness.csls.target",
              "source words in the target language", found);
  add_languages(figures, found);
  return found;
}

}  // namespace xalign::cli
