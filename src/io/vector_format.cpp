#include "core/names.h"

#include <xalign/error.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace xalign {
namespace {

constexpr std::array<std::string_view, 3> kFormatNames = {"auto", "vec", "glove"};

}  // namespace

std::string_view to_string(VectorFormat format) {
  return kFormatNames[static_cast<std::size_t>(format)];
}

VectorFormat parse_vector_format(std::string_view name) {
  const auto found = std::find(kFormatNames.begin(), kFormatNames.end(), name);
  if (found != kFormatNames.end()) return static_cast<VectorFormat>(found - kFormatNames.begin());
  throw Error(ErrorKind::config, "format", fmt::format("unknown format '{}'", name),
              list_names(kFormatNames), did_you_mean(name, kFormatNames));
}

}  // namespace xalign
