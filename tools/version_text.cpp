#include "version_text.h"

#include "core/parallel_for.h"
#include "core/transliterate.h"
#include "io/compression.h"
#include "linalg/product.h"

#include <xalign/topk.h>
#include <xalign/version.h>

#include <CLI/Version.hpp>
#include <Eigen/Core>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <spdlog/version.h>

#include <vector>

namespace xalign::cli {

std::string version_text() {
  std::vector<std::string> libraries = {
      fmt::format("Eigen {}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION),
      product_library(),
      thread_library(),
      unicode_library(),
      compression_library(),
      fmt::format("fmt {}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100),
      fmt::format("CLI11 {}", CLI11_VERSION),
      fmt::format("spdlog {}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH),
      fmt::format("nlohmann-json {}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR,
                  NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)};
  std::erase(libraries, "");
  return fmt::format("xalign {}\ninstruction sets: {}\nlibraries: {}\n", XALIGN_VERSION,
                     fmt::join(topk_isas(), ", "), fmt::join(libraries, ", "));
}

}  // namespace xalign::cli
