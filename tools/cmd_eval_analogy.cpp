#include "commands.h"
#include "evaluation.h"
#include "inputs.h"

#include <xalign/analogy.h>
#include <xalign/error.h>
#include <xalign/normalize.h>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace xalign::cli {
namespace {

struct AnalogyCommandOptions {
  InputOptions input;
  DictionaryOptions data;
  std::string per_question;
  OutputStyle style = OutputStyle::text;
};

void define(CLI::App& app, AnalogyCommandOptions& o) {
  add_dictionary_options(app, o.data, "Questions: lines of four words");
  add_text(app, "--per-question", o.per_question, "FILE",
           "Write the answers to every covered question as a TSV table");
  add_input_options(app, o.input);
  add_style_options(app, o.style);
}

AnalogySet read_sets(const std::vector<std::string>& files) {
  if (files.empty())
    throw Error(ErrorKind::config, "--dictionary", "not given", "a file of questions",
                "add -d FILE");
  AnalogySet all;
  for (const std::string& file : files) {
    AnalogySet set = read_analogies(file);
    const auto offset = static_cast<Index>(all.categories.size());
    std::ranges::move(set.categories, std::back_inserter(all.categories));
    for (AnalogyQuestion& question : set.questions) {
      question.category += offset;
      all.questions.push_back(std::move(question));
    }
  }
  return all;
}

double rate(Index right, Index of) {
  return of == 0 ? std::numeric_limits<double>::quiet_NaN()
                 : static_cast<double>(right) / static_cast<double>(of);
}

/// The categories, then all of them together.
std::vector<AnalogyScore> rows_of(const AnalogyResult& result) {
  std::vector<AnalogyScore> rows;
  if (result.categories.size() > 1) rows = result.categories;
  rows.push_back(result.all);
  return rows;
}

std::string text_of(const AnalogyResult& result, Index words) {
  Table table({"<%", "questions", "covered", "3CosAdd", "3CosMul", "add of all", "mul of all"});
  for (const AnalogyScore& row : rows_of(result))
    table.add(
        {tsv_field(row.name), grouped(static_cast<std::uint64_t>(row.total)),
         grouped(static_cast<std::uint64_t>(row.covered)),
         rate_text(rate(row.add_right, row.covered)), rate_text(rate(row.mul_right, row.covered)),
         rate_text(rate(row.add_right, row.total)), rate_text(rate(row.mul_right, row.total))});
  return table.text() +
         fmt::format(
             "\nRight: the fourth word is the best of all {} words without the three of the "
             "question.\n3CosAdd, 3CosMul: rate over covered questions; of all: over all.\n",
             grouped(static_cast<std::uint64_t>(words)));
}

std::string tsv_of(const AnalogyResult& result) {
  Table table({"category", "total", "covered", "3cosadd_right", "3cosmul_right"});
  for (const AnalogyScore& row : rows_of(result))
    table.add({tsv_field(row.name), std::to_string(row.total), std::to_string(row.covered),
               std::to_string(row.add_right), std::to_string(row.mul_right)});
  return table.tsv();
}

void put_score(Json& json, const AnalogyScore& score) {
  json["total"] = score.total;
  json["covered"] = score.covered;
  const auto put = [&](const char* name, Index right) {
    json[name] = {{"right", right},
                  {"covered", number_json(rate(right, score.covered))},
                  {"all", number_json(rate(right, score.total))}};
  };
  put("3cosadd", score.add_right);
  put("3cosmul", score.mul_right);
}

Json json_of(const AnalogyResult& result, Index words) {
  Json json = json_result("eval-analogy");
  json["vocabulary"] = words;
  put_score(json, result.all);
  json["categories"] = Json::array();
  for (const AnalogyScore& score : result.categories) {
    Json category = {{"name", score.name}};
    put_score(category, score);
    json["categories"].push_back(std::move(category));
  }
  return json;
}

std::string per_question(const AnalogyResult& result, const AnalogySet& set,
                         const Vocabulary& words) {
  Table table({"category", "a", "b", "c", "d", "3cosadd", "3cosmul"});
  for (std::size_t i = 0; i < set.questions.size(); ++i) {
    const AnalogyQuestion& question = set.questions[i];
    if (result.add_answers[i] < 0) continue;
    std::vector<std::string> row = {
        tsv_field(set.categories[static_cast<std::size_t>(question.category)])};
    for (const std::string& word : question.words) row.push_back(tsv_field(word));
    row.push_back(tsv_field(words[result.add_answers[i]]));
    row.push_back(tsv_field(words[result.mul_answers[i]]));
    table.add(std::move(row));
  }
  return table.tsv();
}

/// Questions with all words known in lower case.
Index count_lower(const AnalogySet& set, const Vocabulary& words) {
  return static_cast<Index>(
      std::ranges::count_if(set.questions, [&](const AnalogyQuestion& question) {
        return std::ranges::all_of(question.words, [&](const std::string& word) {
          return find_word(words, word, CasePolicy::lower).has_value();
        });
      }));
}

int run(const AnalogyCommandOptions& o, Session& session) {
  session.arguments.require({"VECTORS"});
  session.warn_without_effect({"--seed"}, "here");
  std::vector<std::string> files = o.data.files;
  files.push_back(session.arguments[0]);
  check_single_stdin(files);
  if (o.per_question == "-")
    throw Error(ErrorKind::config, "--per-question", "standard output is taken by the scores",
                "a file name", "name a file");
  check_writable(o.per_question);
  refuse_clashes({o.per_question}, session);
  const AnalogySet set = read_sets(o.data.files);
  VectorInput input(session.arguments[0], o.input, session);
  MemoryEstimate memory;
  memory.add(input);
  memory.check(session);
  Embeddings embeddings = input.read();
  normalize_rows(embeddings.vectors);
  const AnalogyResult result = evaluate_analogies(embeddings, set,
                                                  {.case_policy = o.data.case_policy,
                                                   .isa = session.isa,
                                                   .progress = session.terminal.progress()});
  const bool exact = o.data.case_policy == CasePolicy::exact;
  report_coverage(
      fmt::format("{}", o.data.files.front()), "question", result.all.covered, result.all.total,
      exact && result.all.covered < result.all.total ? count_lower(set, embeddings.words) : 0,
      session);
  warn_of_few(o.data.files.front(), result.all.covered, "question", "questions", session);
  session.terminal.release();
  if (!o.per_question.empty())
    write_file(o.per_question, per_question(result, set, embeddings.words));
  print_result(
      o.style, [&] { return text_of(result, embeddings.size()); }, [&] { return tsv_of(result); },
      [&] { return json_of(result, embeddings.size()); });
  return kDone;
}

}  // namespace

void add_eval_analogy(Program& program) {
  program.add<AnalogyCommandOptions>("eval analogy", define, run);
}

}  // namespace xalign::cli
