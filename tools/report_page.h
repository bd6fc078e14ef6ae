#pragma once

#include "bli_report.h"

#include <xalign/csls.h>

#include <string>
#include <utility>
#include <vector>

namespace xalign::cli {

/// What the page shows; its nn and csls scores include P@1 and P@10.
struct ReportContent {
  std::string title;
  std::string subtitle;
  const BliReport& bli;
  const CslsResult&
      best;           ///< best targets of all source words and the reverse, row_k = column_k = 1
  Index lexicon = 0;  ///< source words of the search at most; 0 = all
  Index links = 0;    ///< pairs of the picture at most
  std::vector<std::pair<std::string, std::string>> facts;  ///< how it was made
};

/// The page as one file that needs nothing else. Words are data in it, never markup.
std::string report_page(const ReportContent& content);

}  // namespace xalign::cli
