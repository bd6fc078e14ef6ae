#include "analysis_report.h"

#include <fmt/format.h>

namespace xalign::cli {
namespace {

// Limits lie in the wide gaps between what pairs of real vectors measured (docs/analysis.md).
constexpr double kUnlikeGap = 5;  // trained alike: 0.3-1.6, unlike: 20-60
constexpr double kRelated = 0.1;  // pairs of translations: 0.26-0.38, shuffled pairs: 0
constexpr double kUsuallyRelated = 0.25;
constexpr double kCommonDirection = 0.1;  // mean cosine
constexpr double kHubs = 2;               // skew
constexpr double kApart = 0.7;            // language identification; 0.5 = neutral
constexpr double kFarCentroids = 0.2;     // after centering: up to 0.08, unmapped: 0.38

Finding about_gap(double gap) {
  if (gap < kUnlikeGap)
    return {"isometry.spectrum", "alike",
            fmt::format("The spaces stretch their directions alike (singular value gap {:.1f}), as "
                        "vectors trained alike do (0.3 to 1.6 measured).",
                        gap)};
  return {"isometry.spectrum", "unlike",
          fmt::format("The spaces are far from isometric (singular value gap {:.0f}; 20 to 60 "
                      "measured for vectors trained unlike).",
                      gap)};
}

/// Only the gap parts the pairs that were tried without seeds (docs/methods.md, section 4).
Finding about_seeds(double gap) {
  if (gap < kUnlikeGap)
    return {"isometry.without_seeds", "possible",
            "Without seeds and shared spelling: it may work; of vectors trained alike, the two "
            "pairs tried came to 25 and 44 % right. Which to expect cannot be told from these "
            "figures."};
  return {"isometry.without_seeds", "unlikely",
          "Without seeds and shared spelling: expect nothing; of vectors trained unlike, the one "
          "pair tried stayed below 1 % right. Give seed pairs."};
}

Finding about_relations(double similarity) {
  const std::string value = fmt::format("relational similarity {:.2f}", similarity);
  if (similarity < kRelated)
    return {
        "isometry.relations", "unrelated",
        fmt::format("Translations are not related alike ({}; real pairs measured 0.26 to 0.38): "
                    "are the files and the dictionary of these languages?",
                    value)};
  if (similarity < kUsuallyRelated)
    return {"isometry.relations", "weak",
            fmt::format("Translations are related less alike than in any real pair measured ({}; "
                        "0.26 to 0.38): expect less than 25 % right from 5,000 seeds.",
                        value)};
  return {
      "isometry.relations", "usual",
      fmt::format("Translations are related as in other pairs ({}; 0.26 to 0.38 measured, where "
                  "some 3,000 seeds put 18 to 51 % right at the first place).",
                  value)};
}

void add_language(const Figures& figures, const std::string& name, std::vector<Finding>& found) {
  const auto cosine = value_of(figures, name + ".isotropy", "mean_cosine");
  const auto outliers = value_of(figures, name + ".isotropy", "outlier_dimensions");
  if (cosine && *cosine > kCommonDirection)
    found.push_back(
        {name + ".isotropy", "common_direction",
         fmt::format("The {} vectors share a direction (mean cosine {:.2f}): center them "
                     "before comparing words, as map does.",
                     name, *cosine)});
  if (outliers && *outliers > 0)
    found.push_back(
        {name + ".isotropy", "outliers",
         fmt::format("The {} vectors have {:.0f} outlier dimension{}; the step outliers "
                     "of normalize removes such.",
                     name, *outliers, *outliers == 1 ? "" : "s")});
}

void add_hubness(const Figures& figures, const std::string& nn, const std::string& csls,
                 const std::string& what, std::vector<Finding>& found) {
  const auto before = value_of(figures, nn, "skewness"),
             after = value_of(figures, csls, "skewness");
  if (!before || !after || *before < kHubs) return;
  const bool helps = *after < *before / 2;
  found.push_back(
      {nn, helps ? "hubs_csls_helps" : "hubs",
       fmt::format("Hubs crowd the neighbours of {} (skew {:.1f}); CSLS {} ({:.1f}).", what,
                   *before, helps ? "spreads them" : "does not spread them enough", *after)});
}

void add_languages(const Figures& figures, std::vector<Finding>& found) {
  const auto identified = value_of(figures, "space", "language_identification"),
             distance = value_of(figures, "space", "centroid_distance");
  if (!identified || !distance || *identified < kApart) return;
  const bool far = *distance > kFarCentroids;
  found.push_back(
      {"space.languages", far ? "apart" : "told_apart",
       fmt::format("{:.0f} % of the words are nearest to the mean of their own language (50 % = "
                   "neutral); the means lie {} (centroid distance {:.2f}){}.",
                   100 * *identified, far ? "apart" : "close together", *distance,
                   far ? ": center each language" : ", so centering will change little")});
}

}  // namespace

std::vector<Finding> findings(const Figures& figures) {
  std::vector<Finding> found;
  add_language(figures, "source", found);
  add_language(figures, "target", found);
  if (const auto gap = value_of(figures, "isometry", "singular_value_gap"))
    found.insert(found.end(), {about_gap(*gap), about_seeds(*gap)});
  if (const auto similarity = value_of(figures, "isometry", "relational_similarity"))
    found.push_back(about_relations(*similarity));
  add_hubness(figures, "source.hubness.nn", "source.hubness.csls", "source words", found);
  add_hubness(figures, "target.hubness.nn", "target.hubness.csls", "target words", found);
  add_hubness(figures, "space.hubness.nn.target", "space.hubness.csls.target",
              "source words in the target language", found);
  add_languages(figures, found);
  return found;
}

}  // namespace xalign::cli
