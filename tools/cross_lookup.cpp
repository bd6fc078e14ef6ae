#include "cross_lookup.h"

#include <xalign/retrieval.h>

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace xalign::cli {

void add_cross_lookup_options(CLI::App& app, CrossLookupOptions& o) {
  add_integer(app, "-k", o.k, 1, fmt::format("Answers for each word (default {})", o.k), kMaxTopk);
  add_retrieval_option(app, o.retrieval);
  add_scoring_options(app, o.retrieval);
  add_flag(app, "--reverse", o.reverse, "Words are of the target language, answers of the source");
  add_input_options(app, o.input);
  add_style_options(app, o.style);
}

int answer_across(const CrossLookupOptions& o, std::string kind, std::string answers,
                  Session& session) {
  session.arguments.require({"MAP", "SOURCE", "TARGET"}, true);
  std::vector<std::string> words = session.arguments.from(3);
  std::vector<std::string> inputs(session.arguments.values.begin(),
                                  session.arguments.values.begin() + 3);
  if (words.empty()) inputs.emplace_back("-");
  check_single_stdin(inputs);
  session.warn_without_effect({"--seed"}, "here");
  session.warn_of_scoring_without_effect({&o.retrieval.retrieval, 1});
  SpaceInput input(session.arguments[0], session.arguments[1], session.arguments[2], o.input,
                   session);
  input.estimate_memory();
  input.read();
  Space space = input.make_space();
  if (o.reverse) std::swap(space.source, space.target);
  const RetrievalOptions options = input.retrieval_options(o.retrieval);
  // Words of the command line are all there is; from standard input there may come any number.
  const bool all_known = !words.empty();
  std::optional<Ranker> ranker;
  const auto rank = [&](std::span<const Index> rows) {
    const Matrix queries = rows_of(space.source.vectors, rows);
    if (all_known)
      return rank_queries(queries, space.source.vectors, space.target.vectors, o.k, options);
    if (!ranker) ranker.emplace(space.source.vectors, space.target.vectors, options);
    return ranker->rank(queries, o.k);
  };
  return answer({std::move(kind), std::move(answers), std::string(to_string(options.retrieval)),
                 o.reverse ? input.target_path() : input.source_path(), space.source.words,
                 space.target.words, rank},
                WordSource(std::move(words)), o.style, session);
}

}  // namespace xalign::cli
