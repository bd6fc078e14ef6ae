#pragma once

#include "options.h"
#include "output.h"
#include "session.h"
#include "words.h"

#include <xalign/store.h>
#include <xalign/topk.h>
#include <xalign/vocabulary.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace xalign::cli {

/// Words by row and rows by word, of a vocabulary or of a store, which must outlive it.
struct WordTable {
  std::function<std::optional<Index>(std::string_view)> find;
  std::function<std::string_view(Index)> word;
};
WordTable table_of(const Vocabulary& vocabulary);
WordTable table_of(const Store& store);

/// Answers words with other words: what `translate` and `neighbors` have in common.
struct Lookup {
  std::string kind;      ///< of the JSON result: "translate"
  std::string answers;   ///< what the answers are called there: "translations"
  std::string scores;    ///< what the scores are: "csls"
  std::string where;     ///< the file that the words should be in
  WordTable words;       ///< of the words asked
  WordTable candidates;  ///< of the answers
  std::function<Matrix(std::span<const Index>)> vectors;  ///< of rows of `words`, to search with
  /// Of some queries; `rows` are theirs, -1 for words that were made up.
  std::function<TopkLists(ConstRows queries, std::span<const Index> rows)> rank;
  /// Makes up the vector of a word that is not there, or says no; may be empty.
  std::function<bool(std::string_view word, Matrix& vector)> make_up = {};
};

/// Prints the answers: lines `word TAB answer TAB score` as the words come in, or one JSON object.
/// Unknown words are warned about.
/// @throws Error(data) if words were asked and none was known
int answer(const Lookup& lookup, WordSource words, OutputStyle style, Session& session);

/// Gathers rows.
Matrix rows_of(ConstRows matrix, std::span<const Index> rows);

}  // namespace xalign::cli
