#pragma once

#include "options.h"
#include "output.h"
#include "session.h"
#include "words.h"

#include <xalign/topk.h>
#include <xalign/vocabulary.h>

#include <functional>
#include <span>
#include <string>

namespace xalign::cli {

/// Answers words with other words: what `translate` and `neighbors` have in common.
struct Lookup {
  std::string kind;              ///< of the JSON result: "translate"
  std::string answers;           ///< what the answers are called there: "translations"
  std::string scores;            ///< what the scores are: "csls"
  std::string where;             ///< the file that the words should be in
  const Vocabulary& vocabulary;  ///< of the words asked
  const Vocabulary& candidates;  ///< of the answers
  std::function<TopkLists(std::span<const Index>)> rank;  ///< of rows of `vocabulary`
};

/// Prints the answers: lines `word TAB answer TAB score` as the words come in, or one JSON object.
/// Unknown words are warned about.
/// @throws Error(data) if words were asked and none was known
int answer(const Lookup& lookup, WordSource words, OutputStyle style, Session& session);

/// Gathers rows.
Matrix rows_of(ConstRows matrix, std::span<const Index> rows);

}  // namespace xalign::cli
