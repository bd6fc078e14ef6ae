#pragma once

#include "analysis.h"
#include "output.h"

#include <string>

namespace xalign::cli {

/// What was analysed, and what came out.
struct AnalysisReport {
  Json inputs;  ///< names and sizes, as in the JSON result
  Figures figures;
};

/// Tables with the meaning of every measure, and in the end what it comes to in plain words.
std::string analysis_text(const AnalysisReport& report);
std::string analysis_tsv(const AnalysisReport& report);
Json analysis_json(const AnalysisReport& report);

/// A figure as the tables print it: four digits that mean something.
std::string figure_text(double value);

/// A finding in plain words, of the figures as the tables print them.
struct Finding {
  std::string about;    ///< "isometry", "source.isotropy", ...
  std::string verdict;  ///< one word, documented
  std::string text;
};
std::vector<Finding> findings(const Figures& figures);

}  // namespace xalign::cli
