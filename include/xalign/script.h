#pragma once

#include <string_view>

namespace xalign {

/// The writing system of a word by ISO 15924: the script of most of its characters, the first to
/// reach that number where several do. Characters that all scripts share (digits, punctuation,
/// combining marks) count only where there are no others: "Latn", "Cyrl", "Hani" ..., "Zyyy" for
/// words of shared characters alone, "Zzzz" for what is not UTF-8.
std::string_view script_of(std::string_view word);

}  // namespace xalign
