#include "analysis_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace xalign::cli {
namespace {

struct Label {
  std::string_view measure;
  const char* label;
  const char* meaning;
};

// Names that occur in several sections mean the same in all of them.
constexpr std::array kLabels{
    Label{"isoscore", "IsoScore", "1 = all directions used alike, 0 = one alone"},
    Label{"partition_score", "partition score", "1 = isotropic, 0 = a few directions rule"},
    Label{"mean_cosine", "mean cosine of two words", "0 = isotropic"},
    Label{"outlier_dimensions", "outlier dimensions", "see the step outliers of normalize"},
    Label{"condition_number", "condition number", "1 = all directions stretched alike"},
    Label{"effective_rank", "effective rank", "directions in real use"},
    Label{"effective_condition_number", "effective condition number", "of these; 1 = alike"},
    Label{"skewness", "skew of k-occurrence", "0 = neighbours spread evenly; above 2 = hubs"},
    Label{"antihubs", "share of anti-hubs", "words that are nobody's neighbour"},
    Label{"robin_hood", "Robin Hood index", "share of neighbours hubs have too many"},
    Label{"largest", "largest k-occurrence", "of the greatest hub"},
    Label{"intrinsic_dimension", "intrinsic dimension", "of neighbourhoods"},
    Label{"codensity", "codensity", "median distance of the 20th neighbour"},
    Label{"eigenvector_similarity", "eigenvector similarity", "0 = graphs of the same shape"},
    Label{"bottleneck_distance", "bottleneck distance", "0 = words merge at the same distances"},
    Label{"gromov_hausdorff_bound", "Gromov-Hausdorff bound", "at least so far from isometric"},
    Label{"singular_value_gap", "singular value gap", "0 = directions stretched alike"},
    Label{"lacking_directions", "lacking directions", "of no variance in one of the spaces"},
    Label{"relational_similarity", "relational similarity",
          "1 = translations are related alike in both"},
    Label{"pairs", "pairs", "looked at"},
    Label{"linear_cka", "linear CKA", "1 = alike up to a rotation"},
    Label{"svcca", "SVCCA", "1 = alike up to a linear map"},
    Label{"pwcca", "projection-weighted CCA", "the same, large directions first"},
    Label{"calign", "CALIGN", "share of concepts that both languages have"},
    Label{"calign_words", "words of concepts", "that their best partner shares"},
    Label{"mexa", "MEXA", "share of pairs that find each other"},
    Label{"languages", "languages", "that are told apart"},
    Label{"centroid_distance", "centroid distance", "of the languages; 0 = none"},
    Label{"language_identification", "language identification",
          "1 / languages = neutral, 1 = apart"},
    Label{"subspace_distance", "subspace distance", "0 = the same main directions"},
    Label{"covariance_distance", "covariance distance", "0 = equal covariances"},
    Label{"colap", "COLAP", "share of concepts with words of both languages"},
    Label{"scripts", "scripts", "of these words"},
    Label{"per_neighborhood", "scripts per neighbourhood", "of 50 words"},
    Label{"other_script", "neighbours in another script", "share"},
    Label{"other_script_by_chance", "the same by chance", "if scripts did not matter"},
    Label{"orthogonality_deviation", "orthogonality deviation", "0 = a rotation"},
    Label{"largest_singular_value", "largest singular value", "stretching of one direction"},
    Label{"median_singular_value", "median singular value", ""},
    Label{"smallest_singular_value", "smallest singular value", ""},
};

const Label& label_of(std::string_view measure) {
  return *std::ranges::find(kLabels, measure, &Label::measure);
}

std::string title_of(std::string_view section) {
  std::string title{section};
  std::ranges::replace(title, '.', ' ');
  return title;
}

Json number(double value) {
  return std::isfinite(value) ? Json(rounded(value)) : Json();
}

}  // namespace

std::string figure_text(double value) {
  if (!std::isfinite(value)) return "infinite";
  if (value == std::round(value) && std::abs(value) < 1e6) return fmt::format("{:.0f}", value);
  return fmt::format("{:.4g}", rounded(value));
}

std::string analysis_text(const AnalysisReport& report) {
  Table table({"<", "", "<"});
  std::string section;
  for (const Figure& figure : report.figures) {
    if (figure.section != section) {
      if (!section.empty()) table.add({"", "", ""});
      section = figure.section;
      table.add({title_of(section), "", ""});
    }
    const Label& label = label_of(figure.measure);
    table.add({fmt::format("  {}", label.label), figure_text(figure.value), label.meaning});
  }
  std::string out = table.text();
  out.erase(0, out.find('\n') + 1);  // there is no header
  const auto found = findings(report.figures);
  if (!found.empty()) out += "\nin plain words\n";
  for (const Finding& finding : found) out += "  " + finding.text + "\n";
  return out;
}

std::string analysis_tsv(const AnalysisReport& report) {
  Table table({"section", "measure", "value"});
  for (const auto& [section, measure, value] : report.figures)
    table.add({section, measure, std::isfinite(value) ? score_text(value) : "inf"});
  return table.tsv();
}

Json analysis_json(const AnalysisReport& report) {
  Json json = json_result("analyze");
  json["inputs"] = report.inputs;
  for (const auto& [section, measure, value] : report.figures) {
    Json* place = &json;
    for (std::string_view left = section; !left.empty();) {
      const std::size_t dot = std::min(left.find('.'), left.size());
      place = &(*place)[std::string(left.substr(0, dot))];
      left.remove_prefix(std::min(dot + 1, left.size()));
    }
    (*place)[measure] = number(value);
  }
  json["findings"] = Json::array();
  for (const auto& [about, verdict, text] : findings(report.figures))
    json["findings"].push_back({{"about", about}, {"verdict", verdict}, {"text", text}});
  return json;
}

}  // namespace xalign::cli
