#include "commands.h"
#include "inputs.h"
#include "interrupt.h"
#include "learn_watch.h"
#include "options.h"
#include "output.h"
#include "reliability_report.h"
#include "stopwatch.h"

#include <xalign/error.h>
#include <xalign/learn.h>
#include <xalign/mapping_io.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_set>

namespace xalign::cli {
namespace {

/// What a run begins with; the first ones that are not sources of pairs.
enum class Init { automatic, dictionary, identical, numerals, spelling, distribution };
const std::vector<std::string> kInits{"auto",     "dictionary", "identical",
                                      "numerals", "spelling",   "distribution"};

struct MapOptions {
  InputOptions input;
  DictionaryOptions dictionary;
  std::string held_out;
  std::string method = "auto";
  MethodOptions method_options;
  Init init = Init::automatic;
  LearnWatchOptions watch;
  std::string source_language;
  std::string target_language;
  std::string output;
  std::string write_source;
  std::string write_target;
  WriteOptions write;
  bool fast = false;
  bool rerank = false;
  bool no_rerank = false;
  OutputStyle style = OutputStyle::text;

  std::string method_name() const { return fast ? "multistep" : method; }
  /// Whether to learn a reranker: part of the best default, not of a method that was named.
  bool learns_reranker() const { return !no_rerank && (rerank || method_name() == "auto"); }
};

void define(CLI::App& app, MapOptions& o) {
  add_dictionary_options(app, o.dictionary,
                         "Seed dictionary to learn from; without one, pairs are found in the "
                         "vocabularies");
  add_weights_option(app, o.dictionary);
  add_output_option(app, o.output, "Mapping to write");
  add_choice(
      app, "--method", method_names(), [&o](std::size_t i) { o.method = method_names()[i]; },
      "How the mapping is learned (default auto)");
  add_flag(app, "--fast", o.fast,
           "The multi-step map of the dictionary alone: no choice of steps on held-out pairs, no "
           "reranker");
  add_flag(app, "--self-learning", o.method_options.self_learning,
           "Go on from the seeds by self-learning, whatever their number");
  add_choice(
      app, "--init", kInits, [&o](std::size_t i) { o.init = static_cast<Init>(i); },
      "What to begin with: the dictionary, or words that are written alike, are numbers or are "
      "spelt alike in any script, or words whose places in their languages match; the "
      "dictionary's pairs are among them; auto = the dictionary if it "
      "has 50 pairs, else the start that proves most consistent (default auto)");
  add_text(
      app, "--held-out", o.held_out, "FILE",
      "Pairs that are never learned from: every iteration is scored with them, refinements stop "
      "where they are translated best, and the verdict counts how many are");
  add_learn_watch_options(app, o.watch);
  add_parsed(
      app, "--normalize", "STEPS",
      fmt::format("Normalisation of both sides, any of unit, center, iternorm:N, abtt:N, "
                  "zca:X, outliers:X, cbie:CLUSTERS,N, joined by commas, or none (default {})",
                  to_string(o.method_options.normalize)),
      [&o](const std::string& text) { o.method_options.normalize = parse_normalize_recipe(text); });
  add_integer(app, "--dimensions", o.method_options.dimensions, 0,
              "Dimensions of the shared space, for methods that can reduce them; 0 = all "
              "(default 0)");
  add_real(
      app, "--lambda", 0, 1e6, [&o](double x) { o.method_options.lambda = x; },
      fmt::format("Regularisation of ridge, relative to the mean variance (default {})",
                  MapRidge{}.lambda));
  add_flag(app, "--rerank", o.rerank,
           "Learn a reranker, too, of translations by spelling and neighbourhood; goes without "
           "saying with --method auto");
  add_flag(app, "--no-rerank", o.no_rerank, "Learn none");
  add_text(app, "--write-source", o.write_source, "FILE", "Write the mapped source vectors, too");
  add_text(app, "--write-target", o.write_target, "FILE", "Write the mapped target vectors, too");
  add_write_options(app, o.write);
  add_text(app, "--source-language", o.source_language, "NAME",
           "Name to remember for the source language, e.g. en");
  add_text(app, "--target-language", o.target_language, "NAME",
           "Name to remember for the target language");
  add_input_options(app, o.input);
  add_style_options(app, o.style, false);
}

void check_dimensions(const Method& method, const VectorInput& source, const VectorInput& target) {
  const bool rotates = std::ranges::any_of(method.steps, [](const MethodStep& step) {
    return std::holds_alternative<MapProcrustes>(step);
  });
  if (!rotates || source.info().dimension == target.info().dimension) return;
  throw Error(ErrorKind::data, target.path(), fmt::format("{} dimensions", target.info().dimension),
              fmt::format("{} as in {}, for a rotation", source.info().dimension, source.path()),
              "choose --method auto, multistep, cca or ridge");
}

/// What depends on the dimensions alone is refused before the rows are read.
void check_step(const MethodStep& step, Eigen::Index smallest) {
  const auto refuse = [&](const char* option, int found) {
    throw Error(ErrorKind::config, option, fmt::format("{}", found),
                fmt::format("at most {}, the dimensions of the vectors", smallest));
  };
  if (const auto* normalize = std::get_if<NormalizeVectors>(&step))
    check_dimension(normalize->recipe, smallest);
  if (const auto* automatic = std::get_if<MapAuto>(&step))
    if (automatic->dimensions > smallest) refuse("--dimensions", automatic->dimensions);
  if (const auto* multistep = std::get_if<MapMultistep>(&step))
    if (multistep->options.dimensions > smallest)
      refuse("--dimensions", multistep->options.dimensions);
}

/// With so many seed pairs nobody doubts that there is an alignment.
constexpr Index kEnoughSeeds = 2000;

/// False when there is no alignment.
bool tell_verdict(const LearningRecord& learning, Session& session) {
  if (!learning.verdict) return true;
  const Verdict& verdict = *learning.verdict;
  std::string figures = fmt::format(
      "held-out consistency {:.2f}, {:.2f} from random starts; two half maps agree on {}",
      verdict.found.held_out, verdict.null, percent(verdict.found.agreement, 1));
  if (verdict.seed_precision)
    figures += fmt::format("; half of the seeds foretell {} of the others",
                           percent(*verdict.seed_precision, 1));
  if (verdict.held_out_precision)
    figures += fmt::format("; {} of held-out words right", percent(*verdict.held_out_precision, 1));
  switch (verdict.outcome) {
    case Outcome::aligned:
      session.terminal.info("verdict: aligned; " + figures);
      return true;
    case Outcome::doubtful:
      session.terminal.warn("verdict: doubtful; " + figures +
                            "; more seed pairs (-d) would help most");
      return true;
    case Outcome::failed:
      session.terminal.warn("verdict: no alignment found; " + figures +
                            "; try a dictionary of 50 pairs or more (-d), another --init, or "
                            "vectors of more text");
      return false;
  }
  return true;
}

void check_outputs(const MapOptions& o, Session& session) {
  std::vector<std::string> outputs;
  for (const auto& path : {o.output, o.write_source, o.write_target})
    if (!path.empty()) outputs.push_back(path);
  const bool results = !outputs.empty();
  for (const auto& path : {o.watch.log, o.watch.checkpoint})
    if (!path.empty()) outputs.push_back(path);
  if (!results)
    throw Error(ErrorKind::config, "--output", "no output named", "a file for the mapping",
                "give one with -o FILE.xmap");
  refuse_clashes({o.output, o.watch.log, o.watch.checkpoint}, {o.write_source, o.write_target},
                 o.write, session);
  if (o.style == OutputStyle::json && std::ranges::count(outputs, "-") > 0)
    throw Error(ErrorKind::config, "--json", "standard output is taken by an output file",
                "one of the two", "write the file under a name");
  for (const std::string& path : {o.output, o.watch.log, o.watch.checkpoint}) check_writable(path);
  check_vector_outputs({o.write_source, o.write_target}, o.write, session);
  if (o.write_source.empty() && o.write_target.empty())
    session.warn_without_effect({"--precision", "--to", "--type"},
                                "without --write-source or --write-target");
}

std::optional<VectorWriter> prepare_mapped(const std::string& path, const Embeddings& embeddings,
                                           const WriteOptions& write, Session& session) {
  if (path.empty()) return std::nullopt;
  check_interrupt();
  WriteOptions options = write;
  options.progress = session.terminal.progress();
  return prepare_vectors(path, embeddings, options);
}

void put_in_place(std::optional<VectorWriter>& writer, const std::string& path,
                  const Embeddings& embeddings, Session& session) {
  if (!writer) return;
  writer->commit();
  session.terminal.info(fmt::format("{}: {} x {} written", path,
                                    counted(static_cast<std::uint64_t>(embeddings.size()), "word"),
                                    embeddings.dimension()));
}

/// Held-out pairs but for those whose source word is learned from.
std::vector<WordPair> without_words_of(const std::vector<WordPair>& seeds,
                                       const std::vector<WordPair>& held_out, Session& session) {
  std::unordered_set<Index> words;
  for (const WordPair& seed : seeds) words.insert(seed.source);
  std::vector<WordPair> unseen;
  for (const WordPair& pair : held_out)
    if (!words.contains(pair.source)) unseen.push_back(pair);
  if (unseen.empty())
    throw Error(ErrorKind::data, "--held-out", "only words that the dictionary has, too",
                "words to learn from and others to score with",
                "split a dictionary with xalign lexicon split");
  if (unseen.size() < held_out.size())
    session.terminal.warn(fmt::format("--held-out: {} whose source word is learned from left out",
                                      counted(held_out.size() - unseen.size(), "pair")));
  return unseen;
}

/// The method with what `--init` and the dictionary say about its beginning.
Method choose_method(const MapOptions& o) {
  MethodOptions options = o.method_options;
  if (o.init == Init::dictionary && o.dictionary.files.empty())
    throw Error(ErrorKind::config, "--init", "dictionary, but none given", "a file of word pairs",
                "give one with -d FILE, or leave --init out");
  if (o.init == Init::distribution) {
    options.distribution = true;
  } else if (o.init > Init::dictionary) {
    options.find_pairs = true;
    options.source = static_cast<PairSource>(static_cast<int>(o.init) - 2);
  } else if (o.dictionary.files.empty()) {
    options.find_pairs = true;
    if (o.method_name() != "auto") options.source = PairSource::spelling;
  }
  return make_method(o.method_name(), options);
}

void warn_of_low_rank(const LearnResult& learned, Eigen::Index dimension, Session& session) {
  if (learned.rank >= dimension) return;
  session.terminal.warn(fmt::format(
      "the dictionary determines the map in {} of {} dimensions only; more pairs would help",
      learned.rank, dimension));
}

/// A row for every list of steps that was tried.
void tell_of_choice(const LearnResult& learned, Session& session) {
  if (learned.method_trials.empty()) return;
  session.terminal.info(fmt::format(
      "{:<26} {:>6} {:>6} {:>14}",
      counted(static_cast<std::uint64_t>(learned.method_trials[0].words), "held-out word"), "P@1",
      "MRR", "gain"));
  for (const MethodTrial& trial : learned.method_trials)
    session.terminal.info(
        fmt::format("  {:<24} {:>6.2f} {:>6.2f} {:>+6.2f} +- {:.2f}{}", trial.name,
                    100 * trial.precision, 100 * trial.mean_reciprocal_rank, 100 * trial.gain.mean,
                    100 * trial.gain.standard_error, trial.chosen ? "  chosen" : ""));
}

/// How the kinds of rerankers did, and what the probabilities of the chosen one hold.
void tell_of_reranker(const LearnResult& learned, Session& session) {
  for (const RerankerTrial& trial : learned.reranker_trials)
    session.terminal.detail(
        fmt::format("reranker {}: {:.1f} % of {} held-out words right, gain {:+.1f} +- {:.1f}{}",
                    trial.name, 100 * trial.right, trial.queries, 100 * trial.gain,
                    100 * trial.standard_error, trial.chosen ? ", chosen" : ""));
  if (!learned.mapping.source.reranker) return;
  for (const ReliabilityBin& bin : learned.mapping.source.reranker->reliability.bins)
    if (bin.queries > 0)
      session.terminal.detail(fmt::format("probability {:.2f}: {:.2f} right of {} words",
                                          bin.promised, bin.right, bin.queries));
}

Json to_json(const RerankerModel& model) {
  Json json = {{"neighbors", model.neighbors}, {"features", model.features}};
  json["reliability"] = reliability_json(model.reliability);
  return json;
}

Json report(const MapOptions& o, const LearnResult& learned, const Coverage& coverage,
            const Json& seconds) {
  Json json = json_result("map");
  json["method"] = learned.mapping.method;
  json["steps"] = learned.mapping.steps;
  json["dimensions"] = learned.mapping.dimension();
  json["rank"] = learned.rank;
  json["dictionary"] = {{"pairs", coverage.entries},
                        {"used", coverage.covered},
                        {"oov_source", coverage.oov_source},
                        {"oov_target", coverage.oov_target}};
  json["iterations"] = learned.mapping.learning.iterations;
  json["pairs"] = learned.mapping.learning.pairs;
  json["complete"] = learned.mapping.learning.complete;
  if (const auto& verdict = learned.mapping.learning.verdict) {
    json["verdict"] = to_string(verdict->outcome);
    json["consistency"] = {{"found", rounded(verdict->found.held_out)},
                           {"null", rounded(verdict->null)},
                           {"agreement", rounded(verdict->found.agreement)}};
    if (verdict->held_out_precision) json["held_out"] = rounded(*verdict->held_out_precision);
    if (verdict->seed_precision) json["held_out_seeds"] = rounded(*verdict->seed_precision);
  }
  for (const MethodTrial& trial : learned.method_trials)
    json["selection"].push_back({{"method", trial.name},
                                 {"queries", trial.words},
                                 {"p@1", rounded(trial.precision)},
                                 {"mrr", rounded(trial.mean_reciprocal_rank)},
                                 {"gain", rounded(trial.gain.mean)},
                                 {"standard_error", rounded(trial.gain.standard_error)},
                                 {"chosen", trial.chosen}});
  for (const RerankerTrial& trial : learned.reranker_trials)
    json["reranker"]["trials"].push_back({{"name", trial.name},
                                          {"queries", trial.queries},
                                          {"right", trial.right},
                                          {"gain", trial.gain},
                                          {"standard_error", trial.standard_error},
                                          {"chosen", trial.chosen}});
  if (learned.mapping.source.reranker)
    json["reranker"]["model"] = to_json(*learned.mapping.source.reranker);
  json["seconds"] = seconds;
  if (!o.output.empty()) json["output"] = o.output;
  return json;
}

/// Options of which one takes away what the other asks for.
void check_conflicts(const MapOptions& o, const Session& session) {
  const auto refuse = [](const char* option, const char* other, const char* how) {
    throw Error(ErrorKind::config, option, fmt::format("{} too", other), "one of the two", how);
  };
  if (o.fast && session.given("--method"))
    refuse("--fast", "--method", "--fast stands for --method multistep");
  if (o.fast && o.method_options.self_learning)
    refuse("--fast", "--self-learning", "--method multistep goes with --self-learning");
  if (o.fast && o.rerank) refuse("--fast", "--rerank", "--method multistep goes with --rerank");
  if (o.rerank && o.no_rerank) refuse("--rerank", "--no-rerank", "leave out either");
  if (o.rerank && o.dictionary.files.empty())
    throw Error(ErrorKind::config, "--rerank", "no dictionary to learn a reranker from",
                "-d with 300 words or more", "leave it out, or add -d FILE");
}

int run(const MapOptions& o, Session& session) {
  session.arguments.require({"SOURCE", "TARGET"});
  check_conflicts(o, session);
  const Method method = choose_method(o);
  check_outputs(o, session);
  std::vector<std::string> files = o.dictionary.files;
  if (!o.held_out.empty()) files.push_back(o.held_out);
  files.insert(files.end(), session.arguments.values.begin(), session.arguments.values.end());
  check_single_stdin(files, session);

  Stopwatch watch;
  Dictionary dictionary;
  if (!o.dictionary.files.empty())
    dictionary = read_dictionary(o.dictionary, o.input.strict, session);
  Dictionary held_out;
  if (!o.held_out.empty())
    held_out =
        read_dictionary({{o.held_out}, o.dictionary.case_policy, o.dictionary.ignore_weights},
                        o.input.strict, session);
  tell_of_weights(dictionary, session);
  VectorInput source_file(session.arguments[0], o.input, session);
  VectorInput target_file(session.arguments[1], o.input, session);
  check_dimensions(method, source_file, target_file);
  for (const MethodStep& step : method.steps)
    check_step(step, std::min(source_file.info().dimension, target_file.info().dimension));
  MemoryEstimate memory;
  memory.add(source_file);
  memory.add(target_file);
  memory.check(session);

  Embeddings source = source_file.read();
  Embeddings target = target_file.read();
  IndexedLexicon indexed;
  if (!o.dictionary.files.empty())
    indexed = cover(dictionary, source.words, target.words, o.dictionary.case_policy, session);
  std::vector<WordPair> unseen;
  if (!o.held_out.empty())
    unseen = without_words_of(
        indexed.pairs,
        cover(held_out, source.words, target.words, o.dictionary.case_policy, session).pairs,
        session);
  session.terminal.release();
  Json seconds = {{"read", watch.lap()}};

  LearnOptions learn;
  learn.seed = session.common.seed;
  learn.map_vectors = !o.write_source.empty() || !o.write_target.empty();
  learn.progress = session.terminal.progress();
  if (o.learns_reranker()) learn.reranker = RerankerOptions{};
  learn.judge = o.method_name() == "auto" || o.method == "vecmap" || o.method_options.self_learning;
  learn.judge = learn.judge && indexed.coverage.covered < kEnoughSeeds;
  learn.held_out = unseen;
  learn.judge = learn.judge || !unseen.empty();
  LearnWatch learn_watch(o.watch, session);
  LearnResult learned = learn_watch.run(
      learn, [&] { return learn_mapping(source, target, indexed.pairs, method, learn); });
  Mapping& mapping = learned.mapping;
  mapping.training.pairs = indexed.coverage.entries;
  mapping.source.input.name = source_file.path();
  mapping.target.input.name = target_file.path();
  mapping.source.input.language = o.source_language;
  mapping.target.input.language = o.target_language;
  warn_of_low_rank(learned, std::min(mapping.source.matrix.rows(), mapping.target.matrix.rows()),
                   session);
  tell_of_choice(learned, session);
  tell_of_reranker(learned, session);
  seconds["map"] = watch.lap();

  {
    // All or none: what may fail is done before the first file appears.
    const OutputGuard guard;
    auto mapped_source = prepare_mapped(o.write_source, source, o.write, session);
    auto mapped_target = prepare_mapped(o.write_target, target, o.write, session);
    if (!o.output.empty()) write_mapping(o.output, mapping);
    put_in_place(mapped_source, o.write_source, source, session);
    put_in_place(mapped_target, o.write_target, target, session);
  }
  seconds["write"] = watch.lap();
  seconds["cpu"] = Stopwatch::cpu_seconds();
  if (!mapping.learning.complete)
    session.terminal.warn("--time-limit: reached before the end; the mapping is the best so far");
  session.terminal.info(fmt::format(
      "{}{}, {} dimensions, {}; {:.1f} s reading, {:.1f} s mapping, {:.1f} s writing",
      o.output.empty() ? "" : o.output + ": ", fmt::join(mapping.steps, " | "), mapping.dimension(),
      indexed.pairs.empty()
          ? counted(static_cast<std::uint64_t>(mapping.learning.pairs), "pair") + " found"
          : counted(static_cast<std::uint64_t>(indexed.coverage.covered), "pair"),
      seconds["read"].get<double>(), seconds["map"].get<double>(), seconds["write"].get<double>()));
  if (o.style == OutputStyle::json) print_json(report(o, learned, indexed.coverage, seconds));
  return tell_verdict(mapping.learning, session) ? kDone : kCheckFailed;
}

}  // namespace

void add_map(Program& program) {
  program.add<MapOptions>("map", define, run);
}

}  // namespace xalign::cli
