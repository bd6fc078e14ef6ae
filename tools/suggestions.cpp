#include "suggestions.h"

#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>

namespace xalign::cli {
namespace {

// Options compare by their letters: dashes in front would make short names all look alike.
std::string_view bare(std::string_view name) {
  name.remove_prefix(std::min(name.find_first_not_of('-'), name.size()));
  return name;
}

bool starts_with_letters_of(std::string_view name, std::string_view typed) {
  return typed.size() >= 3 && name.starts_with(typed);
}

}  // namespace

std::string nearest(std::string_view typed, std::span<const std::string> candidates) {
  const std::string_view wanted = bare(typed);
  std::string best;
  int best_distance = 1 + static_cast<int>(wanted.size()) / 3;
  for (const std::string& candidate : candidates) {
    const std::string_view name = bare(candidate);
    const int distance = starts_with_letters_of(name, wanted) ? 1 : edit_distance(wanted, name);
    if (distance < best_distance || (best.empty() && distance == best_distance)) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view typed, std::span<const std::string> candidates,
                         std::string_view otherwise) {
  const std::string name = nearest(typed, candidates);
  return name.empty() ? std::string(otherwise) : fmt::format("did you mean '{}'?", name);
}

}  // namespace xalign::cli
