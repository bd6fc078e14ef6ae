#include "bli_compare.h"
#include "bli_report.h"
#include "commands.h"
#include "evaluation.h"
#include "options.h"
#include "output.h"
#include "requirement.h"
#include "shared_space.h"
#include "space_input.h"
#include "spool.h"
#include "store_input.h"
#include "store_pair.h"

#include <xalign/bli.h>
#include <xalign/error.h>
#include <xalign/gold_io.h>
#include <xalign/mapping_io.h>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace xalign::cli {
namespace {

struct EvalOptions {
  InputOptions input;
  DictionaryOptions dictionary;
  BliOptions bli;
  bool reverse = false;
  bool rerank = false;
  std::string per_word;
  std::vector<Requirement> requirements;
  bool breakdown = false;
  std::string pos;
  std::string compare;
  int folds = 0;
  std::string method = "auto";
  MethodOptions method_options;
  OutputStyle style = OutputStyle::text;
};

void define(CLI::App& app, EvalOptions& o) {
  // The kind of evaluation may be said; this one goes without saying.
  app.add_subcommand("bli")->fallthrough()->group("")->set_help_flag();
  add_dictionary_options(app, o.dictionary, "Test dictionary");
  add_weights_option(app, o.dictionary);
  add_ks_option(app, o.bli.ks, "Ranks that P@k is given for");
  add_retrievals_option(app, o.bli.retrievals);
  add_scoring_options(app, o.bli.retrieval);
  add_flag(
      app, "--rerank", o.rerank,
      "Score the answers of the mapping's reranker, too (as retrieval 'rerank'), and how far its "
      "probabilities hold");
  add_flag(app, "--reverse", o.reverse,
           "Translate from target to source: the dictionary's second column asks");
  add_text(app, "--per-word", o.per_word, "FILE",
           "Write the candidates of every query as a TSV table");
  add_repeated(app, "--require", "[RETRIEVAL:]METRIC=RATE",
               "End with status 1 when a score over covered queries is lower, e.g. p@1=0.35, "
               "csls:p@5=0.6, nn:mrr=0.4; of csls unless named; may be repeated",
               [&o](const std::string& text) {
                 for (Requirement& one : parse_requirements(text))
                   o.requirements.push_back(std::move(one));
               });
  add_flag(app, "--breakdown", o.breakdown,
           "Score apart: frequency bins, identical words, cognates; count wrong answers that are "
           "hubs");
  add_text(app, "--pos", o.pos, "FILE",
           "Score apart by a label of the query, such as its part of speech: lines of a word and "
           "its label");
  add_text(app, "--compare", o.compare, "FILE",
           "Compare with another mapping of the same vectors, or with what --per-word wrote for "
           "another system: differences with intervals and a permutation test");
  add_integer(app, "--folds", o.folds, 2,
              "Cross-validation: learn on all but one of N parts of the dictionary and score on "
              "that one, N times; takes original vectors, SOURCE TARGET");
  add_choice(
      app, "--method", method_names(), [&o](std::size_t i) { o.method = method_names()[i]; },
      "Method to learn with, with --folds (default auto)");
  add_parsed(
      app, "--normalize", "STEPS",
      fmt::format("Normalisation of both sides as in `map`, with --folds (default {})",
                  to_string(o.method_options.normalize)),
      [&o](const std::string& text) { o.method_options.normalize = parse_normalize_recipe(text); });
  add_input_options(app, o.input);
  add_style_options(app, o.style);
}

/// The parts of the options that the command line fills in elsewhere.
BliOptions bli_options(const EvalOptions& o, const RetrievalOptions& retrieval, Session& session) {
  BliOptions options = o.bli;
  options.retrieval = retrieval;
  options.seed = session.common.seed;
  return options;
}

std::vector<BliBreakdown> break_down(const EvalOptions& o, const BliQueries& queries,
                                     const Vocabulary& source, const Vocabulary& target,
                                     const std::optional<LabelSet>& labels) {
  std::vector<BliBreakdown> breakdowns;
  if (o.breakdown) {
    breakdowns.push_back(group_by_frequency(queries));
    breakdowns.push_back(group_by_identity(queries, source, target));
    breakdowns.push_back(group_by_cognates(queries, source, target));
  }
  if (labels)
    breakdowns.push_back(group_by_label(queries, source, *labels, o.dictionary.case_policy));
  return breakdowns;
}

std::optional<LabelSet> read_pos(const EvalOptions& o) {
  if (o.pos.empty()) return std::nullopt;
  LabelSet labels = read_labels(o.pos);
  if (labels.words.empty())
    throw Error(ErrorKind::data, display_name(o.pos), "one column",
                "a word and its label in every line", "is this the right file?");
  return labels;
}

/// Refuses labels of which no word was read: most likely they are of another language.
void check_labels(const EvalOptions& o, const std::optional<LabelSet>& labels,
                  const Vocabulary& source) {
  if (labels && std::ranges::none_of(labels->words, [&](const std::string& word) {
        return find_word(source, word, o.dictionary.case_policy).has_value();
      }))
    throw Error(ErrorKind::data, display_name(o.pos), "none of its words has a vector",
                "words that are translated", "check the language and the spelling");
}

/// Prints the report; the exit status tells whether what was required was reached.
int finish(const EvalOptions& o, const BliReport& report, Session& session) {
  session.terminal.release();
  if (!o.per_word.empty()) write_file(o.per_word, bli_per_word(report));
  print_result(
      o.style, [&] { return bli_text(report); }, [&] { return bli_tsv(report); },
      [&] { return bli_json(report); });
  int status = kDone;
  for (const Requirement& requirement : o.requirements) {
    const std::string missed = failure(requirement, report.options, report.result);
    if (missed.empty()) continue;
    session.terminal.error(missed);
    status = kCheckFailed;
  }
  return status;
}

/// What --compare names: one of the two, or nothing.
struct Other {
  std::string name;
  std::optional<RankTable> table = {};
  std::optional<Mapping> mapping = {};
};

Other read_other(const EvalOptions& o) {
  Other other{display_name(o.compare)};
  if (o.compare.empty()) return other;
  const Spool spool(o.compare);
  spool.read([&] {
    if (is_mapping_file(spool.path()))
      other.mapping = read_mapping(spool.path());
    else
      other.table = read_rank_table(spool.path());
  });
  if (other.table) other.table->name = other.name;
  return other;
}

/// The ranks of the mapping named by --compare, for the same queries.
OtherRanks ranks_of_mapping(const EvalOptions& o, const std::string& name, const Mapping& other,
                            const SpaceInput& input, const Dictionary& dictionary,
                            Session& session) {
  Space space = input.copy_space(name, other);
  if (o.reverse) std::swap(space.source, space.target);
  RetrievalOptions retrieval = input.retrieval_options(o.bli.retrieval);
  if (!session.given("--isf-beta") && other.isf_beta > 0) retrieval.isf_beta = other.isf_beta;
  BliOptions options = bli_options(o, retrieval, session);
  options.resamples = 0;
  const BliQueries queries =
      make_bli_queries(dictionary.lexicon, space.source.words, space.target.words,
                       o.dictionary.case_policy, o.reverse);
  BliResult result = evaluate_bli(space.source.vectors, space.target.vectors, queries, options);
  if (const auto& model = other.side(o.reverse ? Side::target : Side::source).reranker;
      o.rerank && model)
    result.retrievals.push_back(evaluate_bli(Reranker(*model, space.source, space.target),
                                             space.target.size(), queries, options));
  return ranks_of(name, result);
}

/// Warns of the ways of retrieval that cannot be compared.
void tell_of_missing(const OtherRanks& other, const std::vector<Retrieval>& asked,
                     Session& session) {
  for (const Retrieval retrieval : find_missing(other, asked))
    session.terminal.warn(
        fmt::format("{}: {} of these queries; {} is not compared", other.name,
                    retrieval == Retrieval::rerank ? "no reranked answers" : "no answers",
                    to_string(retrieval)));
}

Vocabulary words_of(const Store& store) {
  Vocabulary words;
  for (Index i = 0; i < store.size(); ++i) words.insert(store[i]);
  return words;
}

/// Warns if two stores without a mapping do not seem to share a space.
void warn_if_unrelated(const StorePair& stores, Side from, Side to, const RowPairs& pairs,
                       const std::string& paths, Session& session) {
  std::vector<Index> sources, targets;
  for (const auto& [source, target] : pairs) {
    sources.push_back(source);
    targets.push_back(target);
  }
  warn_if_unrelated(stores.place(stores.store(from).gather(sources), from),
                    stores.place(stores.store(to).gather(targets), to),
                    rows_in_order(static_cast<Index>(pairs.size())), paths, session);
}

/// Whether all that is asked can be told without holding the rows of both sides.
bool evaluates_in_place(const EvalOptions& o, bool compares_mapping, const Session& session) {
  if (o.breakdown || o.rerank || compares_mapping) return false;
  if (std::ranges::find(o.bli.retrievals, Retrieval::isf) != o.bli.retrievals.end()) return false;
  const std::size_t count = session.arguments.size();
  return reads_in_place(session.arguments[count - 2], session) &&
         reads_in_place(session.arguments[count - 1], session);
}

/// [MAP] SOURCE TARGET of stores: rows are read when they are searched.
int run_in_stores(const EvalOptions& o, const Dictionary& dictionary,
                  const std::optional<LabelSet>& labels, const std::optional<RankTable>& table,
                  Session& session) {
  const std::size_t first = session.arguments.size() - 2;
  const std::string source = session.arguments[first], target = session.arguments[first + 1];
  session.warn_without_effect({"--format", "--words-file", "--tensor", "--strict"}, "on stores");
  const StorePair stores(first > 0 ? session.arguments[0] : "", source, target, session);
  Space space;  // of words alone
  space.source.words = words_of(stores.store(Side::source));
  space.target.words = words_of(stores.store(Side::target));
  cover(dictionary, space.source.words, space.target.words, o.dictionary.case_policy, session);
  session.terminal.release();
  const Side from = o.reverse ? Side::target : Side::source;
  const Side to = o.reverse ? Side::source : Side::target;
  if (o.reverse) std::swap(space.source, space.target);
  const BliQueries queries = make_bli_queries(
      dictionary.lexicon, space.source.words, space.target.words, o.dictionary.case_policy,
      o.reverse, stores.mapping() ? &stores.mapping()->training : nullptr);
  std::optional<OtherRanks> other;
  if (table) other = find_other_ranks(*table, queries, space.source.words);
  if (other) tell_of_missing(*other, o.bli.retrievals, session);
  check_labels(o, labels, space.source.words);
  warn_of_leak(queries, session);
  warn_of_few(dictionary.name, queries, session);
  if (!stores.mapping())
    warn_if_unrelated(stores, from, to, pairs_of(queries), fmt::format("{}, {}", source, target),
                      session);
  RetrievalOptions retrieval = o.bli.retrieval;
  retrieval.isa = session.isa;
  retrieval.progress = session.terminal.progress();
  const BliOptions options = bli_options(o, retrieval, session);
  const BliResult result = evaluate_bli(stores.rows(from), stores.rows(to), queries, options,
                                        stores.known_means(to, retrieval));
  BliDetails details;
  details.breakdowns = break_down(o, queries, space.source.words, space.target.words, labels);
  if (other) details.comparison = compare_bli(result, *other, options.ks, options.seed);
  return finish(o, {space, queries, options, result, o.reverse, details}, session);
}

/// SOURCE TARGET --folds N
int run_folds(const EvalOptions& o, const Dictionary& dictionary,
              const std::optional<LabelSet>& labels, Session& session) {
  const Method method = make_method(o.method, o.method_options);
  tell_of_weights(dictionary, session);
  // Too many folds are refused before the vectors are read.
  assign_folds(o.reverse ? reversed(dictionary.lexicon) : dictionary.lexicon, o.folds,
               session.common.seed, o.dictionary.case_policy);
  VectorInput source_file(session.arguments[0], o.input, session);
  VectorInput target_file(session.arguments[1], o.input, session);
  MemoryEstimate memory;
  for (int copy = 0; copy < 2; ++copy) {
    memory.add(source_file);
    memory.add(target_file);
  }
  memory.check(session);
  Space space{source_file.read(), target_file.read()};
  Lexicon lexicon = dictionary.lexicon;
  cover(dictionary, space.source.words, space.target.words, o.dictionary.case_policy, session);
  session.terminal.release();
  if (o.reverse) {
    std::swap(space.source, space.target);
    lexicon = reversed(lexicon);
  }
  check_labels(o, labels, space.source.words);
  RetrievalOptions retrieval = o.bli.retrieval;
  retrieval.isa = session.isa;
  const BliOptions options = bli_options(o, retrieval, session);
  BliDetails details;
  details.fold_method = o.method;
  details.folds = cross_validate(space.source, space.target, lexicon, method,
                                 {.folds = o.folds,
                                  .case_policy = o.dictionary.case_policy,
                                  .bli = options,
                                  .keep_beta = session.given("--isf-beta"),
                                  .seed = session.common.seed,
                                  .progress = session.terminal.progress()});
  const BliQueries& queries = details.folds->pooled_queries;
  warn_of_few(dictionary.name, queries, session);
  details.breakdowns = break_down(o, queries, space.source.words, space.target.words, labels);
  const BliResult& result = details.folds->pooled;
  return finish(o, {space, queries, options, result, o.reverse, details}, session);
}

void check_folds(const EvalOptions& o, Session& session) {
  if (o.folds == 0)
    return session.warn_without_effect({"--method", "--normalize"}, "without --folds");
  session.warn_without_effect({"--rerank"}, "with --folds");
  if (session.arguments.size() > 0 && is_mapping_file(session.arguments[0]))
    throw Error(ErrorKind::config, "--folds",
                fmt::format("given with a mapping, {}", session.arguments[0]),
                "SOURCE TARGET, original vectors: every fold learns a mapping of its own",
                "leave the mapping out");
  session.arguments.require({"SOURCE", "TARGET"});
  if (!o.compare.empty())
    throw Error(ErrorKind::config, "--folds", "given with --compare", "one of the two",
                "compare two methods by the --per-word file of the other: it has all queries");
}

/// @throws Error(config) if there is none
const RerankerModel& reranker_of(const EvalOptions& o, const SpaceInput& input) {
  const Side side = o.reverse ? Side::target : Side::source;
  if (!input.mapping() || !input.mapping()->side(side).reranker)
    throw Error(ErrorKind::config, "--rerank", "given for a mapping that has not learned to rerank",
                "a reranker", "leave it out, or learn the mapping with map --rerank");
  return *input.mapping()->side(side).reranker;
}

int run(const EvalOptions& o, Session& session) {
  check_folds(o, session);
  require_space(session.arguments);
  BliOptions asked = o.bli;
  if (o.rerank) asked.retrievals.push_back(Retrieval::rerank);
  check_computable(o.requirements, asked);
  session.warn_of_scoring_without_effect(o.bli.retrievals);
  if (o.per_word == "-")
    throw Error(ErrorKind::config, "--per-word", "standard output is taken by the scores",
                "a file name", "name a file");
  check_writable(o.per_word);
  refuse_clashes({o.per_word}, session);
  std::vector<std::string> files = o.dictionary.files;
  files.insert(files.end(), session.arguments.values.begin(), session.arguments.values.end());
  for (const std::string& file : {o.pos, o.compare}) files.push_back(file);
  check_single_stdin(files, session);

  const Dictionary dictionary = read_dictionary(o.dictionary, o.input.strict, session);
  const std::optional<LabelSet> labels = read_pos(o);
  if (o.folds > 0) return run_folds(o, dictionary, labels, session);
  const Other compared = read_other(o);
  if (evaluates_in_place(o, compared.mapping.has_value(), session))
    return run_in_stores(o, dictionary, labels, compared.table, session);
  SpaceInput input = open_space(o.input, session);
  if (compared.mapping && !input.mapping())
    throw Error(ErrorKind::config, "--compare", "a mapping", "a table of `eval --per-word`",
                "a mapping needs the original vectors");
  const RerankerModel* model = o.rerank ? &reranker_of(o, input) : nullptr;
  input.estimate_memory(compared.mapping ? 2 : 1);
  input.read();
  cover(dictionary, input.source_words(), input.target_words(), o.dictionary.case_policy, session);
  session.terminal.release();

  std::optional<OtherRanks> other;
  if (compared.mapping)
    other = ranks_of_mapping(o, compared.name, *compared.mapping, input, dictionary, session);
  Space space = input.make_space();
  if (o.reverse) std::swap(space.source, space.target);
  const BliQueries queries = make_bli_queries(
      dictionary.lexicon, space.source.words, space.target.words, o.dictionary.case_policy,
      o.reverse, input.mapping() ? &input.mapping()->training : nullptr);
  if (compared.table) other = find_other_ranks(*compared.table, queries, space.source.words);
  if (other) tell_of_missing(*other, asked.retrievals, session);
  check_labels(o, labels, space.source.words);
  warn_of_leak(queries, session);
  warn_of_few(dictionary.name, queries, session);
  if (!input.mapping())
    warn_if_unrelated(space.source.vectors, space.target.vectors, pairs_of(queries), input.paths(),
                      session);
  const BliOptions options = bli_options(o, input.retrieval_options(o.bli.retrieval), session);
  BliNeighbors neighbors;
  if (o.breakdown)
    neighbors = find_bli_neighbors(space.source.vectors, space.target.vectors, options);
  BliResult result = evaluate_bli(space.source.vectors, space.target.vectors, queries, options,
                                  neighbors.target_means);
  BliDetails details;
  details.breakdowns = break_down(o, queries, space.source.words, space.target.words, labels);
  if (o.breakdown)
    details.hubs = find_hub_victims(space.source.vectors, space.target.vectors, result.retrievals,
                                    neighbors.nearest, 10, session.isa);
  if (model != nullptr) {
    result.retrievals.push_back(evaluate_bli(Reranker(*model, space.source, space.target),
                                             space.target.size(), queries, options));
    details.reliability = measure_reliability(result.retrievals.back());
  }
  if (other) details.comparison = compare_bli(result, *other, options.ks, options.seed);
  return finish(o, {space, queries, options, result, o.reverse, details}, session);
}

}  // namespace

void add_eval(Program& program) {
  program.add<EvalOptions>("eval", define, run);
}

}  // namespace xalign::cli
