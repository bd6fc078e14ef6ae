// With text.cpp the only files that know ICU.
#include "core/transliterate.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

namespace xalign {
namespace {

const icu::Transliterator& transliterator() {
  static const std::unique_ptr<icu::Transliterator> rules = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> made(icu::Transliterator::createInstance(
        u"Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, status));
    if (U_FAILURE(status) || !made)
      throw Error(ErrorKind::config, "ICU", u_errorName(status), "its transliteration rules",
                  "install the full data of ICU");
    return made;
  }();
  return *rules;
}

/// ASCII needs no rules.
bool append_ascii(std::string_view text, std::u32string& plain) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
    if (c >= 'A' && c <= 'Z')
      plain += static_cast<char32_t>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      plain += static_cast<char32_t>(c);
  }
  return true;
}

}  // namespace

std::string unicode_library() {
  UVersionInfo version;
  u_getVersion(version);
  return fmt::format("ICU {}.{}", version[0], version[1]);
}

std::u32string to_plain_latin(std::string_view text) {
  std::u32string plain;
  if (append_ascii(text, plain)) return plain;
  plain.clear();
  if (!is_utf8(text)) return plain;
  icu::UnicodeString latin =
      icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  transliterator().transliterate(latin);
  for (std::int32_t i = 0; i < latin.length(); i = latin.moveIndex32(i, 1)) {
    const UChar32 c = latin.char32At(i);
    if (u_hasBinaryProperty(c, UCHAR_ALPHABETIC) || u_isdigit(c)) plain += static_cast<char32_t>(c);
  }
  return plain;
}

}  // namespace xalign
