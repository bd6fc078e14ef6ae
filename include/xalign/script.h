#pragma once

#include <string>
#include <string_view>

namespace xalign {

/// Writing systems by the names and codes of Unicode: "Latin", "Cyrillic", "Han", "Latn".
class Script {
 public:
  /// @throws Error(config) for a name that Unicode does not know
  explicit Script(std::string_view name);

  /// Whether the word has a character of this script, and beside these only such as all scripts
  /// share (digits, punctuation, accents). Words that are not UTF-8 are in no script.
  bool holds(std::string_view word) const;

 private:
  int code_;
};

/// The writing system of a word by ISO 15924: the script of most of its characters, the first to
/// reach that number where several do. Characters that all scripts share (digits, punctuation,
/// combining marks) count only where there are no others: "Latn", "Cyrl", "Hani" ..., "Zyyy" for
/// words of shared characters alone, "Zzzz" for what is not UTF-8.
std::string_view script_of(std::string_view word);

}  // namespace xalign
