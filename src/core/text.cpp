// With transliterate.cpp the only files that know ICU.
#include <xalign/text.h>

#include <fmt/format.h>
#include <unicode/ucasemap.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace xalign {
namespace {

/// Length of the well-formed UTF-8 character at `position`, 0 if there is none.
int character_length(std::string_view text, std::size_t position) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  auto next = static_cast<std::int64_t>(position);
  UChar32 character = 0;
  U8_NEXT(bytes, next, static_cast<std::int64_t>(text.size()), character);
  return character < 0 ? 0 : static_cast<int>(next - static_cast<std::int64_t>(position));
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

const UCaseMap* case_map() {
  struct Close {
    void operator()(UCaseMap* map) const { ucasemap_close(map); }
  };
  static const std::unique_ptr<UCaseMap, Close> map = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<UCaseMap, Close>(ucasemap_open("", 0, &status));
  }();
  return map.get();
}

}  // namespace

bool is_utf8(std::string_view text) {
  if (is_ascii(text)) return true;
  for (std::size_t i = 0; i < text.size();) {
    const int length = character_length(text, i);
    if (length == 0) return false;
    i += static_cast<std::size_t>(length);
  }
  return true;
}

std::string to_lower(std::string_view text) {
  if (is_ascii(text)) {
    std::string lower{text};
    for (char& c : lower)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
  }
  if (!is_utf8(text)) return std::string{text};
  // Lower-casing grows a string by half at most (U+0130 takes three bytes instead of two).
  std::string lower(text.size() * 3 / 2 + 4, '\0');
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t length =
      ucasemap_utf8ToLower(case_map(), lower.data(), static_cast<std::int32_t>(lower.size()),
                           text.data(), static_cast<std::int32_t>(text.size()), &status);
  if (U_FAILURE(status)) return std::string{text};
  lower.resize(static_cast<std::size_t>(length));
  return lower;
}

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (out.size() >= max_bytes) return out + "…";
    const auto byte = static_cast<unsigned char>(text[i]);
    const int length = byte < 0x20 || byte == 0x7f ? 0 : character_length(text, i);
    if (length == 0) {
      out += fmt::format("\\x{:02x}", byte);
      ++i;
    } else {
      out += text.substr(i, static_cast<std::size_t>(length));
      i += static_cast<std::size_t>(length);
    }
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const int length = character_length(text, i);
    if (length == 0) {
      ++i;
      ++width;
      continue;
    }
    UChar32 character = 0;
    U8_NEXT_UNSAFE(bytes, i, character);
    const auto kind = u_charType(character);
    if (kind == U_NON_SPACING_MARK || kind == U_ENCLOSING_MARK || kind == U_FORMAT_CHAR) continue;
    const auto east_asian = u_getIntPropertyValue(character, UCHAR_EAST_ASIAN_WIDTH);
    width += east_asian == U_EA_WIDE || east_asian == U_EA_FULLWIDTH ? 2 : 1;
  }
  return width;
}

int edit_distance(std::string_view a, std::string_view b) {
  std::vector<int> before_last(b.size() + 1), last(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({substitution, last[j] + 1, current[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        current[j] = std::min(current[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, current);
  }
  return last[b.size()];
}

}  // namespace xalign
