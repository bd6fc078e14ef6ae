#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace xalign::fuzz {

/// A reader that is given any bytes: it may refuse them, and do nothing else.
struct Target {
  const char* name;
  void (*run)(const std::uint8_t* data, std::size_t size);
};

/// One for each reader, and one for the recognition of formats.
std::span<const Target> targets();

/// @return nullptr for a name that there is not
const Target* find_target(const char* name);

}  // namespace xalign::fuzz
