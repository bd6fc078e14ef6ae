#pragma once

#include <span>
#include <string>
#include <string_view>

namespace xalign {

/// "a, b or c", for the `expected` part of an error.
std::string list_names(std::span<const std::string_view> names);

/// `did you mean 'b'?` for the name nearest to `typed`, or that it is the beginning of; empty when
/// none is near.
std::string did_you_mean(std::string_view typed, std::span<const std::string_view> names);

}  // namespace xalign
