// Beside text.cpp, the only file that knows ICU.
#include <xalign/error.h>
#include <xalign/script.h>
#include <xalign/text.h>

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

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

}  // namespace xalign
