#pragma once

#include <xalign/vocabulary.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xalign {

struct LexiconEntry {
  std::string source;
  std::string target;
  float weight = 1;
};

/// A bilingual dictionary as it was written: entries in file order, any number per word.
using Lexicon = std::vector<LexiconEntry>;

/// A dictionary pair as row numbers of the two vocabularies.
struct WordPair {
  Index source = 0;
  Index target = 0;
  float weight = 1;
};

enum class CasePolicy {
  exact,  ///< dictionary words are looked up as they are written
  lower,  ///< dictionary words are lower-cased first
};

/// What part of a dictionary two vocabularies cover.
struct Coverage {
  Index entries = 0;     ///< entries of the dictionary
  Index repeated = 0;    ///< entries that repeat an earlier one and do not count again
  Index covered = 0;     ///< different pairs with both words known
  Index oov_source = 0;  ///< different source words that are unknown
  Index oov_target = 0;  ///< different target words that are unknown
  Index lower_gain = 0;  ///< more pairs that CasePolicy::lower would cover
  std::vector<std::string> oov_source_examples;  ///< the first few
  std::vector<std::string> oov_target_examples;
};

struct IndexedLexicon {
  std::vector<WordPair> pairs;  ///< covered pairs, each once, in dictionary order
  Coverage coverage;
};

/// The row of a dictionary word; a phrase ("New York") is found as it is or joined by "_".
std::optional<Index> find_word(const Vocabulary& vocabulary, std::string_view word,
                               CasePolicy policy = CasePolicy::exact);
/// The same where words are looked up in another way.
std::optional<Index> find_word(const std::function<std::optional<Index>(std::string_view)>& find,
                               std::string_view word, CasePolicy policy = CasePolicy::exact);

/// Looks the dictionary up word by word. Does not throw when nothing is covered: see
/// `require_covered`.
IndexedLexicon index_lexicon(const Lexicon& lexicon, const Vocabulary& source,
                             const Vocabulary& target, CasePolicy policy = CasePolicy::exact);

/// The same entries with source and target exchanged.
Lexicon reversed(const Lexicon& lexicon);

/// @throws Error(data) naming `where`, the counts and the way out, when no pair is covered
void require_covered(const IndexedLexicon& indexed, const std::string& where);

}  // namespace xalign
