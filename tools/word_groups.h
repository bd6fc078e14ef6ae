#pragma once

#include <xalign/normalize.h>
#include <xalign/vocabulary.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace xalign::cli {

/// Tells the language of each word of a file that holds several.
class WordGroups {
 public:
  /// @param by  "prefix" (what stands before the first colon, or /c/LANGUAGE/ as ConceptNet writes
  ///            it), "script" (the writing system) or a file of lines word, tab, language
  explicit WordGroups(const std::string& by);

  /// Learns which languages there are. Those of fewer than kFewest words become one, called
  /// "other", with the words whose language cannot be told.
  void fit(const Vocabulary& words);
  /// A number below `names().size()` for every word; "other" is 0.
  std::vector<Index> of(const Vocabulary& words) const;

  const std::vector<std::string>& names() const { return names_; }

  static constexpr Index kFewest = 20;

 private:
  std::string name_of(std::string_view word) const;

  enum class By { prefix, script, file } by_;
  Vocabulary listed_;               // words of the file
  std::vector<std::string> group_;  // the language of each
  std::vector<std::string> names_;
  std::map<std::string, Index> numbers_;
};

/// "en 12,000, ru 9,500, other 12".
std::string group_sizes(const WordGroups& groups, const std::vector<Index>& of_word);

}  // namespace xalign::cli
