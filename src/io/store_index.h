#pragma once

#include <xalign/matrix.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xalign {

/// The words of a store as they lie in its file: text end to end, where each word ends, and a table
/// of row numbers plus one, 0 = free, in which a word stands at the place of its hash or behind it.
struct StoreWords {
  std::string_view text;
  const std::uint64_t* ends = nullptr;
  const std::uint32_t* slots = nullptr;
  std::uint64_t count = 0;
  std::uint64_t slot_count = 0;  ///< a power of two above count

  std::string_view word(std::uint64_t row) const;
  std::optional<Index> find(std::string_view word) const;
};

/// A table that is at most half full.
/// @param words  `slots` is not looked at
/// @return the row of a word that stands there twice, if there is one
std::optional<std::uint64_t> fill_slots(const StoreWords& words, std::vector<std::uint32_t>& slots);

}  // namespace xalign
