#include "version_text.h"

#include <xalign/topk.h>
#include <xalign/version.h>

#include <CLI/Version.hpp>
#include <Eigen/Core>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <spdlog/version.h>

namespace xalign::cli {

std::string version_text() {
  return fmt::format(
      "xalign {}\ninstruction sets: {}\nlibraries: Eigen {}.{}.{}, fmt {}.{}.{}, CLI11 {}, "
      "spdlog {}.{}.{}, nlohmann-json {}.{}.{}\n",
      XALIGN_VERSION, fmt::join(topk_isas(), ", "), EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION,
      EIGEN_MINOR_VERSION, FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100,
      CLI11_VERSION, SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH, NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
      NLOHMANN_JSON_VERSION_PATCH);
}

}  // namespace xalign::cli
