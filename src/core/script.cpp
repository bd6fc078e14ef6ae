// Beside text.cpp, the only file that knows ICU.
#include <xalign/error.h>
#include <xalign/script.h>
#include <xalign/text.h>

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <vector>

namespace xalign {

Script::Script(std::string_view name)
    : code_(u_getPropertyValueEnum(UCHAR_SCRIPT, std::string(name).c_str())) {
  if (code_ == UCHAR_INVALID_CODE || name.find('\0') != std::string_view::npos)
    throw Error(ErrorKind::config, "script", fmt::format("unknown script '{}'", printable(name)),
                "a script of Unicode such as Latin, Cyrillic, Greek, Arabic or Han");
}

bool Script::holds(std::string_view word) const {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(word.data());
  const auto size = static_cast<std::int64_t>(word.size());
  bool found = false;
  for (std::int64_t at = 0; at < size;) {
    UChar32 character = 0;
    U8_NEXT(bytes, at, size, character);
    if (character < 0) return false;
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(character, &status);
    if (script == code_)
      found = true;
    else if (script != USCRIPT_COMMON && script != USCRIPT_INHERITED)
      return false;
  }
  return found;
}

std::string_view script_of(std::string_view word) {
  if (!is_utf8(word)) return "Zzzz";
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(word.data());
  const auto size = static_cast<std::int64_t>(word.size());
  std::vector<std::pair<UScriptCode, int>> counts;  // in order of appearance
  for (std::int64_t i = 0; i < size;) {
    UChar32 character = 0;
    U8_NEXT(bytes, i, size, character);
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(character, &status);
    if (U_FAILURE(status) || script == USCRIPT_COMMON || script == USCRIPT_INHERITED) continue;
    const auto known = std::ranges::find(counts, script, &std::pair<UScriptCode, int>::first);
    if (known == counts.end())
      counts.emplace_back(script, 1);
    else
      ++known->second;
  }
  if (counts.empty()) return "Zyyy";
  return uscript_getShortName(
      std::ranges::max_element(counts, {}, &std::pair<UScriptCode, int>::second)->first);
}

}  // namespace xalign
