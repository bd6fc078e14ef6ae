#pragma once

#include <xalign/matrix.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xalign {

/// Words in frequency order, each once, with look-up in both directions. A word is any non-empty
/// string of bytes. All text lies in one block: about 12 bytes a word on top of it.
class Vocabulary {
 public:
  Vocabulary() = default;

  Index size() const { return static_cast<Index>(ends_.size()); }
  std::string_view operator[](Index index) const;
  std::optional<Index> find(std::string_view word) const;

  /// Adds a word at the end. Returns its index, and false if it was there before.
  std::pair<Index, bool> insert(std::string_view word);
  void reserve(Index words);

 private:
  void rehash(std::size_t slots);
  std::size_t slot_of(std::string_view word) const;

  std::string text_;               // all words, end to end
  std::vector<std::size_t> ends_;  // where word i ends in text_
  std::vector<Index> slots_;       // open addressing, power of two, -1 = free
};

}  // namespace xalign
