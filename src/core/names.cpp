#include "core/names.h"

#include <xalign/text.h>

#include <algorithm>

namespace xalign {

std::string list_names(std::span<const std::string_view> names) {
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) list += i + 1 == names.size() ? " or " : ", ";
    list += names[i];
  }
  return list;
}

std::string did_you_mean(std::string_view typed, std::span<const std::string_view> names) {
  if (names.empty()) return {};
  const auto distance = [&](std::string_view name) {
    const bool beginning = typed.size() >= 3 && name.starts_with(typed);
    return beginning ? 1 : edit_distance(typed, name);
  };
  const std::string_view nearest = *std::min_element(
      names.begin(), names.end(),
      [&](std::string_view a, std::string_view b) { return distance(a) < distance(b); });
  // A third of the letters wrong is a typing error, more is another word.
  if (distance(nearest) > std::max(1, static_cast<int>(nearest.size()) / 3)) return {};
  return "did you mean '" + std::string(nearest) + "'?";
}

}  // namespace xalign
