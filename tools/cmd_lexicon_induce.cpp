#include "commands.h"
#include "cross_lookup.h"
#include "output.h"
#include "space_input.h"

#include <xalign/error.h>
#include <xalign/induction.h>

#include <fmt/format.h>

#include <algorithm>

namespace xalign::cli {
namespace {

constexpr Index kMaxVocab = 20000;

struct InduceOptions {
  InputOptions input;
  RetrievalOptions retrieval;
  InductionOptions induction;
  bool all = false;
  bool no_rerank = false;
  double min_probability = 0;
  bool no_scores = false;
  std::string output;
};

void define(CLI::App& app, InduceOptions& o) {
  add_output_option(app, o.output, "Dictionary to write");
  add_flag(app, "--all", o.all, "Keep the best target word of every source word, mutual or not");
  add_real(
      app, "--min-score", -1e30, 1e30,
      [&o](double x) { o.induction.min_score = static_cast<float>(x); },
      "Leave out pairs with a lower score");
  add_flag(app, "--no-scores", o.no_scores,
           "Write two columns only: with `map -d`, scores would count as weights");
  add_rerank_options(app, o.no_rerank, o.min_probability);
  add_retrieval_option(app, o.retrieval);
  add_scoring_options(app, o.retrieval);
  add_input_options(app, o.input);
}

std::string lines_of(const std::vector<InducedPair>& pairs, const Space& space, bool scores) {
  std::string lines;
  for (const InducedPair& pair : pairs) {
    lines += tsv_field(space.source.words[pair.source]);
    lines += '\t';
    lines += tsv_field(space.target.words[pair.target]);
    if (scores) lines += '\t' + score_text(pair.score);
    lines += '\n';
  }
  return lines;
}

/// Whether pairs come from the rerankers of the mapping: where it has them and the user has not
/// chosen a way of retrieval.
bool uses_rerankers(const InduceOptions& o, const SpaceInput& input, const Session& session) {
  const bool by_choice = o.no_rerank || session.given("--retrieval");
  const Mapping& mapping = *input.mapping();
  if (!by_choice && mapping.source.reranker && mapping.target.reranker) return true;
  refuse_probability(o.min_probability, by_choice
                                            ? "given with --no-rerank or --retrieval"
                                            : "given for a mapping that has not learned to rerank");
  return false;
}

std::vector<InducedPair> induce_by_probability(const InduceOptions& o, const Mapping& mapping,
                                               const Space& space) {
  const Reranker forward(*mapping.source.reranker, space.source, space.target);
  const float least = std::max(o.induction.min_score, static_cast<float>(o.min_probability));
  if (o.all) return induce_lexicon(forward, space.source.size(), nullptr, least);
  const Reranker backward(*mapping.target.reranker, space.target, space.source);
  return induce_lexicon(forward, space.source.size(), &backward, least);
}

int run(const InduceOptions& o, Session& session) {
  session.arguments.require({"MAP", "SOURCE", "TARGET"});
  session.warn_without_effect({"--seed"}, "here");
  session.warn_of_scoring_without_effect({&o.retrieval.retrieval, 1});
  require_output("--output", o.output, "a file for the dictionary, or -");
  refuse_clashes({o.output}, session);
  check_single_stdin(session.arguments.values, session);
  SpaceInput input(session.arguments[0], session.arguments[1], session.arguments[2], o.input,
                   session, kMaxVocab);
  const bool reranks = uses_rerankers(o, input, session);
  input.estimate_memory();
  input.read();
  session.terminal.release();
  const Space space = input.make_space();

  InductionOptions options = o.induction;
  options.mutual = !o.all;
  options.retrieval = input.retrieval_options(o.retrieval);
  const auto pairs = reranks ? induce_by_probability(o, *input.mapping(), space)
                             : induce_lexicon(space.source.vectors, space.target.vectors, options);
  session.terminal.release();
  if (pairs.empty())
    session.terminal.warn(
        fmt::format("{}: no pair found; lower --min-score or use --all", o.output));
  write_file(o.output, lines_of(pairs, space, !o.no_scores));
  session.terminal.info(fmt::format("{}: {}", o.output, counted(pairs.size(), "pair")));
  const auto unfit = std::ranges::count_if(pairs, [](const auto& pair) { return pair.score <= 0; });
  if (unfit > 0 && !o.no_scores)
    session.terminal.info(fmt::format(
        "{}: {} of 0 or less, which `map -d` does not take for weights; use --no-scores or "
        "--min-score",
        o.output, counted(static_cast<std::uint64_t>(unfit), "score")));
  return kDone;
}

}  // namespace

void add_lexicon_induce(Program& program) {
  program.add<InduceOptions>("lexicon induce", define, run);
}

}  // namespace xalign::cli
