#include "lookup.h"

#include <xalign/error.h>
#include <xalign/lexicon.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <utility>

namespace xalign::cli {
namespace {

constexpr std::size_t kUnknownShown = 5;

class UnknownWords {
 public:
  UnknownWords(const Lookup& lookup, Session& session) : lookup_(lookup), session_(session) {}

  void add(const std::string& word) {
    if (++count_ == 1) first_ = word;
    if (count_ > kUnknownShown) return;
    const bool lower = find_word(lookup_.vocabulary, word, CasePolicy::lower).has_value();
    session_.terminal.warn(fmt::format("{}: no word '{}'{}", lookup_.where, printable(word),
                                       lower ? "; its lower-case form is there" : ""));
  }

  void finish(bool any_known) const {
    if (count_ > 0 && !any_known)
      throw Error(ErrorKind::data, lookup_.where,
                  count_ == 1 ? fmt::format("no word '{}'", printable(first_))
                              : fmt::format("none of the {} words asked", grouped(count_)),
                  "words of this file", "check the language (--reverse) and the spelling");
    if (count_ > kUnknownShown)
      session_.terminal.warn(
          fmt::format("{}: {} words in all were not found", lookup_.where, grouped(count_)));
  }

 private:
  const Lookup& lookup_;
  Session& session_;
  std::uint64_t count_ = 0;
  std::string first_;
};

void append_lines(std::string& out, const Lookup& lookup, Index row, const TopkLists& lists,
                  Eigen::Index i) {
  for (Eigen::Index j = 0; j < lists.k() && lists.index(i, j) >= 0; ++j)
    out +=
        fmt::format("{}\t{}\t{}\n", tsv_field(lookup.vocabulary[row]),
                    tsv_field(lookup.candidates[lists.index(i, j)]), score_text(lists.score(i, j)));
}

Json to_json(const Lookup& lookup, Index row, const TopkLists& lists, Eigen::Index i) {
  Json found = Json::array();
  for (Eigen::Index j = 0; j < lists.k() && lists.index(i, j) >= 0; ++j)
    found.push_back({{"word", std::string(lookup.candidates[lists.index(i, j)])},
                     {"score", rounded(lists.score(i, j))}});
  return {{"word", std::string(lookup.vocabulary[row])}, {lookup.answers, std::move(found)}};
}

}  // namespace

int answer(const Lookup& lookup, WordSource words, OutputStyle style, Session& session) {
  UnknownWords unknown(lookup, session);
  bool any_known = false;
  Json results = Json::array();
  std::vector<std::string> batch;
  while (words.next(batch)) {
    std::vector<Index> rows;
    for (const std::string& word : batch) {
      if (const auto row = find_word(lookup.vocabulary, word))
        rows.push_back(*row);
      else
        unknown.add(word);
    }
    if (rows.empty()) continue;
    any_known = true;
    session.terminal.release();
    const TopkLists lists = lookup.rank(rows);
    std::string lines;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (style == OutputStyle::json)
        results.push_back(to_json(lookup, rows[i], lists, static_cast<Eigen::Index>(i)));
      else
        append_lines(lines, lookup, rows[i], lists, static_cast<Eigen::Index>(i));
    }
    write_stdout(lines);
  }
  unknown.finish(any_known);
  if (style == OutputStyle::json) {
    Json json = json_result(lookup.kind);
    json["score"] = lookup.scores;
    json["results"] = std::move(results);
    print_json(json);
  }
  return kDone;
}

Matrix rows_of(ConstRows matrix, std::span<const Index> rows) {
  Matrix gathered(static_cast<Eigen::Index>(rows.size()), matrix.cols());
  for (std::size_t i = 0; i < rows.size(); ++i)
    gathered.row(static_cast<Eigen::Index>(i)) = matrix.row(rows[i]);
  return gathered;
}

}  // namespace xalign::cli
