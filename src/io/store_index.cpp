#include "io/store_index.h"

#include "core/hash.h"

#include <algorithm>
#include <bit>

namespace xalign {

// Numbers of the file are held against its size wherever they are used: a checksum shows damage,
// not malice.

std::string_view StoreWords::word(std::uint64_t row) const {
  const std::uint64_t begin = row == 0 ? 0 : std::min<std::uint64_t>(ends[row - 1], text.size());
  return text.substr(begin, std::max(ends[row], begin) - begin);
}

std::optional<Index> StoreWords::find(std::string_view wanted) const {
  const std::uint64_t mask = slot_count - 1;
  std::uint64_t slot = hash_text(wanted) & mask;
  for (std::uint64_t tried = 0; tried < slot_count; ++tried, slot = (slot + 1) & mask) {
    const std::uint64_t entry = slots[slot];
    if (entry == 0 || entry > count) break;
    if (word(entry - 1) == wanted) return static_cast<Index>(entry - 1);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> fill_slots(const StoreWords& words,
                                        std::vector<std::uint32_t>& slots) {
  slots.assign(std::bit_ceil(std::max<std::uint64_t>(2 * words.count, 2)), 0);
  const std::uint64_t mask = slots.size() - 1;
  for (std::uint64_t row = 0; row < words.count; ++row) {
    const std::string_view word = words.word(row);
    std::uint64_t slot = hash_text(word) & mask;
    for (; slots[slot] != 0; slot = (slot + 1) & mask)
      if (words.word(slots[slot] - 1) == word) return row;
    slots[slot] = static_cast<std::uint32_t>(row + 1);
  }
  return std::nullopt;
}

}  // namespace xalign
