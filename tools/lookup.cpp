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
    const bool lower = find_word(lookup_.words.find, word, CasePolicy::lower).has_value();
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

void append_lines(std::string& out, const Lookup& lookup, std::string_view word,
                  const TopkLists& lists, Eigen::Index i) {
  for (Eigen::Index j = 0; j < lists.k() && lists.index(i, j) >= 0; ++j)
    out += fmt::format("{}\t{}\t{}\n", tsv_field(word),
                       tsv_field(lookup.candidates.word(lists.index(i, j))),
                       score_text(lists.score(i, j)));
}

Json to_json(const Lookup& lookup, std::string_view word, bool made_up, const TopkLists& lists,
             Eigen::Index i) {
  Json found = Json::array();
  for (Eigen::Index j = 0; j < lists.k() && lists.index(i, j) >= 0; ++j)
    found.push_back({{"word", std::string(lookup.candidates.word(lists.index(i, j)))},
                     {"score", rounded(lists.score(i, j))}});
  Json json = {{"word", std::string(word)}, {lookup.answers, std::move(found)}};
  if (made_up) json["oov"] = true;
  return json;
}

/// The words of a batch that can be answered.
struct Asked {
  std::vector<std::string> words;  // as they are printed
  std::vector<Index> rows;         // -1 = made up
  Matrix queries;
};

Asked look_up(const Lookup& lookup, const std::vector<std::string>& batch, UnknownWords& unknown) {
  Asked asked;
  std::vector<Index> known;
  std::vector<Matrix> made_up;
  for (const std::string& word : batch) {
    if (const auto row = find_word(lookup.words.find, word)) {
      known.push_back(*row);
      asked.rows.push_back(*row);
      asked.words.emplace_back(lookup.words.word(*row));
      continue;
    }
    Matrix vector;
    if (lookup.make_up && lookup.make_up(word, vector)) {
      made_up.push_back(std::move(vector));
      asked.rows.push_back(-1);
      asked.words.push_back(word);
    } else {
      unknown.add(word);
    }
  }
  const Matrix vectors = lookup.vectors(known);
  if (made_up.empty()) {
    asked.queries = vectors;
    return asked;
  }
  asked.queries.resize(static_cast<Eigen::Index>(asked.rows.size()), made_up.front().cols());
  Eigen::Index next_known = 0;
  std::size_t next_made_up = 0;
  for (std::size_t i = 0; i < asked.rows.size(); ++i) {
    auto query = asked.queries.row(static_cast<Eigen::Index>(i));
    if (asked.rows[i] >= 0)
      query = vectors.row(next_known++);
    else
      query = made_up[next_made_up++].row(0);
  }
  return asked;
}

}  // namespace

WordTable table_of(const Vocabulary& vocabulary) {
  return {[&](std::string_view word) { return vocabulary.find(word); },
          [&](Index row) { return vocabulary[row]; }};
}

WordTable table_of(const Store& store) {
  return {[&](std::string_view word) { return store.find(word); },
          [&](Index row) { return store[row]; }};
}

int answer(const Lookup& lookup, WordSource words, OutputStyle style, Session& session) {
  UnknownWords unknown(lookup, session);
  bool any_known = false;
  Json results = Json::array();
  std::vector<std::string> batch;
  while (words.next(batch)) {
    const Asked asked = look_up(lookup, batch, unknown);
    if (asked.rows.empty()) continue;
    any_known = true;
    session.terminal.release();
    const TopkLists lists = lookup.rank(asked.queries, asked.rows);
    std::string lines;
    for (std::size_t i = 0; i < asked.rows.size(); ++i) {
      const auto at = static_cast<Eigen::Index>(i);
      if (style == OutputStyle::json)
        results.push_back(to_json(lookup, asked.words[i], asked.rows[i] < 0, lists, at));
      else
        append_lines(lines, lookup, asked.words[i], lists, at);
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
