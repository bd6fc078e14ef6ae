#pragma once

#include <span>
#include <string>
#include <string_view>

namespace xalign::cli {

/// The candidate that `typed` was most likely meant to be; empty when none is near.
std::string nearest(std::string_view typed, std::span<const std::string> candidates);

/// "did you mean 'NAME'?", or `otherwise` when no candidate is near.
std::string did_you_mean(std::string_view typed, std::span<const std::string> candidates,
                         std::string_view otherwise = {});

}  // namespace xalign::cli
