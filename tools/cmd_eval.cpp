#include "bli_report.h"
#include "commands.h"
#include "options.h"
#include "output.h"
#include "requirement.h"
#include "space_input.h"

#include <xalign/bli.h>
#include <xalign/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace xalign::cli {
namespace {

struct EvalOptions {
  InputOptions input;
  DictionaryOptions dictionary;
  BliOptions bli;
  bool reverse = false;
  std::string per_word;
  std::vector<Requirement> requirements;
  OutputStyle style = OutputStyle::text;
};

template <class T>
void push_once(std::vector<T>& values, T value) {
  if (std::ranges::find(values, value) == values.end()) values.push_back(value);
}

void parse_ks(const std::string& text, std::vector<int>& ks) {
  ks.clear();
  for (const std::string& item : split_list(text))
    push_once(ks, static_cast<int>(parse_integer("-k", item, 1, kMaxTopk)));
  std::ranges::sort(ks);
}

void parse_retrievals(const std::string& text, std::vector<Retrieval>& retrievals) {
  retrievals.clear();
  for (const std::string& item : split_list(text))
    push_once(retrievals,
              static_cast<Retrieval>(parse_choice("--retrieval", item, retrieval_names())));
}

void define(CLI::App& app, EvalOptions& o) {
  // The kind of evaluation may be said; this one goes without saying.
  app.add_subcommand("bli")->fallthrough()->group("")->set_help_flag();
  add_dictionary_options(app, o.dictionary, "Test dictionary");
  add_parsed(app, "-k", "N,N,...", "Ranks that P@k is given for (default 1,5,10)",
             [&o](const std::string& text) { parse_ks(text, o.bli.ks); });
  add_parsed(app, "--retrieval", "NAME,NAME,...",
             "How candidates are scored: nn (cosine), csls, isf (inverted softmax) (default "
             "nn,csls)",
             [&o](const std::string& text) { parse_retrievals(text, o.bli.retrievals); });
  add_scoring_options(app, o.bli.retrieval);
  add_flag(app, "--reverse", o.reverse,
           "Translate from target to source: the dictionary's second column asks");
  add_text(app, "--per-word", o.per_word, "FILE",
           "Write the candidates of every query as a TSV table");
  add_parsed(app, "--require", "[RETRIEVAL:]METRIC=RATE",
             "End with status 1 when a score over covered queries is lower, e.g. p@1=0.35, "
             "csls:p@5=0.6, nn:mrr=0.4; of csls unless named",
             [&o](const std::string& text) { o.requirements = parse_requirements(text); });
  add_input_options(app, o.input);
  add_style_options(app, o.style);
}

void warn_of_leak(const BliQueries& queries, Session& session) {
  if (queries.seen_pairs == 0) return;
  session.terminal.warn(fmt::format(
      "{} of {} covered test pairs were trained on; compare the rates of unseen queries",
      grouped(static_cast<std::uint64_t>(queries.seen_pairs)),
      grouped(static_cast<std::uint64_t>(queries.pairs))));
}

void print(const BliReport& report, OutputStyle style) {
  switch (style) {
    case OutputStyle::text:
      return write_stdout(bli_text(report));
    case OutputStyle::tsv:
      return write_stdout(bli_tsv(report));
    case OutputStyle::json:
      return print_json(bli_json(report));
  }
}

int run(const EvalOptions& o, Session& session) {
  require_space(session.arguments);
  check_computable(o.requirements, o.bli);
  session.warn_of_scoring_without_effect(o.bli.retrievals);
  if (o.per_word == "-")
    throw Error(ErrorKind::config, "--per-word", "standard output is taken by the scores",
                "a file name");
  check_writable(o.per_word);
  refuse_input_as_output(o.per_word, session.arguments.values);
  refuse_input_as_output(o.per_word, o.dictionary.files);
  std::vector<std::string> files = o.dictionary.files;
  files.insert(files.end(), session.arguments.values.begin(), session.arguments.values.end());
  check_single_stdin(files);

  const Dictionary dictionary = read_dictionary(o.dictionary, o.input.strict, session);
  SpaceInput input = open_space(o.input, session);
  input.estimate_memory();
  input.read();
  cover(dictionary, input.source_words(), input.target_words(), o.dictionary.case_policy, session);
  session.terminal.release();

  Space space = input.make_space();
  if (o.reverse) std::swap(space.source, space.target);
  const BliQueries queries = make_bli_queries(
      dictionary.lexicon, space.source.words, space.target.words, o.dictionary.case_policy,
      o.reverse, input.mapping() ? &input.mapping()->training : nullptr);
  warn_of_leak(queries, session);
  BliOptions options = o.bli;
  options.retrieval = input.retrieval_options(o.bli.retrieval);
  options.seed = session.common.seed;
  const BliResult result =
      evaluate_bli(space.source.vectors, space.target.vectors, queries, options);
  const BliReport report{space, queries, options, result, o.reverse};
  session.terminal.release();
  if (!o.per_word.empty()) write_file(o.per_word, bli_per_word(report));
  print(report, o.style);
  for (const Requirement& requirement : o.requirements) {
    if (const std::string missed = failure(requirement, options, result); !missed.empty()) {
      session.terminal.error(missed);
      return kCheckFailed;
    }
  }
  return kDone;
}

}  // namespace

void add_eval(Program& program) {
  program.add<EvalOptions>("eval", define, run);
}

}  // namespace xalign::cli
