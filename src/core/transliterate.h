#pragma once

#include <string>
#include <string_view>

namespace xalign {

/// "ICU 72.1".
std::string unicode_library();

/// Letters and digits of `text` as code points: in Latin script where ICU has rules for the script,
/// lower-case, without accents. Empty for text that is not UTF-8.
std::u32string to_plain_latin(std::string_view text);

}  // namespace xalign
