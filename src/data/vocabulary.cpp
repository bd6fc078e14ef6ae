#include "core/hash.h"

#include <xalign/error.h>
#include <xalign/vocabulary.h>

namespace xalign {
namespace {

constexpr std::size_t kSmallestTable = 16;

// At most three quarters of the slots are taken, so that look-ups end soon.
std::size_t slots_for(std::size_t words) {
  std::size_t slots = kSmallestTable;
  while (slots * 3 / 4 < words) slots *= 2;
  return slots;
}

}  // namespace

std::string_view Vocabulary::operator[](Index index) const {
  const auto i = static_cast<std::size_t>(index);
  const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
  return std::string_view(text_).substr(begin, ends_[i] - begin);
}

std::size_t Vocabulary::slot_of(std::string_view word) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash_text(word) & mask;
  while (slots_[slot] >= 0 && (*this)[slots_[slot]] != word) slot = (slot + 1) & mask;
  return slot;
}

std::optional<Index> Vocabulary::find(std::string_view word) const {
  if (slots_.empty()) return std::nullopt;
  const Index index = slots_[slot_of(word)];
  return index < 0 ? std::nullopt : std::optional{index};
}

std::pair<Index, bool> Vocabulary::insert(std::string_view word) {
  if (slots_.size() * 3 / 4 <= ends_.size()) rehash(slots_for(ends_.size() + 1));
  const std::size_t slot = slot_of(word);
  if (slots_[slot] >= 0) return {slots_[slot], false};
  if (ends_.size() == static_cast<std::size_t>(std::numeric_limits<Index>::max()))
    throw Error(ErrorKind::data, "vocabulary", "more words than fit", "at most 2147483647",
                "read fewer words");
  slots_[slot] = size();
  text_ += word;
  ends_.push_back(text_.size());
  return {slots_[slot], true};
}

void Vocabulary::reserve(Index words) {
  const auto count = static_cast<std::size_t>(words);
  ends_.reserve(count);
  if (slots_for(count) > slots_.size()) rehash(slots_for(count));
}

void Vocabulary::rehash(std::size_t slots) {
  slots_.assign(slots, -1);
  for (Index i = 0; i < size(); ++i) slots_[slot_of((*this)[i])] = i;
}

}  // namespace xalign
