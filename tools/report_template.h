#pragma once

#include <string_view>

namespace xalign::cli {

// tools/report/report.{html,css,js}, put into the program by cmake/embed.cmake.
extern const std::string_view kReportHtml;  // with @STYLE@, @SCRIPT@ and @DATA@
extern const std::string_view kReportCss;
extern const std::string_view kReportJs;

}  // namespace xalign::cli
