#include <xalign/script.h>
#include <xalign/text.h>

#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <vector>

namespace xalign {

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
