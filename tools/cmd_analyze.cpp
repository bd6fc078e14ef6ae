#include "analysis_report.h"
#include "commands.h"
#include "inputs.h"
#include "output.h"
#include "shared_space.h"
#include "space_input.h"
#include "spool.h"

#include <xalign/error.h>
#include <xalign/mapping_io.h>
#include <xalign/normalize.h>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

namespace xalign::cli {
namespace {

constexpr int kMaxNeighbors = kMaxTopk - 32;

struct AnalyzeOptions {
  InputOptions input;
  DictionaryOptions dictionary;
  bool paired_rows = false;
  bool shared = false;
  NormalizeRecipe recipe = parse_normalize_recipe("unit,center,unit");
  std::string languages;
  SampleOptions sample;
  OutputStyle style = OutputStyle::text;
};

void define(CLI::App& app, AnalyzeOptions& o) {
  add_dictionary_options(app, o.dictionary, "Word pairs, for the measures that need them");
  add_weights_option(app, o.dictionary);
  add_choice(
      app, "--pairs", {"rows"}, [&o](std::size_t) { o.paired_rows = true; },
      "Row i of one file belongs to row i of the other");
  add_flag(app, "--shared", o.shared,
           "The two files share a space (mapped vectors, or vectors of one multilingual model)");
  add_parsed(
      app, "--normalize", "STEPS",
      fmt::format("Normalisation before measures of shape (default {})", to_string(o.recipe)),
      [&o](const std::string& text) { o.recipe = parse_normalize_recipe(text); });
  add_text(
      app, "--languages", o.languages, "prefix|script|FILE",
      "One file holds several languages: they are what stands before the first colon of a word "
      "(or /c/LANGUAGE/), its script, or what a file says (word, tab, language)");
  add_integer(app, "--words", o.sample.words, 20,
              fmt::format("First words, or pairs, that most measures look at (default {})",
                          o.sample.words));
  add_integer(app, "--graph-words", o.sample.graph_words, 20,
              fmt::format("First words of the eigenvector similarity; time grows with the cube "
                          "(default {})",
                          o.sample.graph_words),
              20000);
  add_integer(app, "--topology-words", o.sample.topology_words, 20,
              fmt::format("First words of the Gromov-Hausdorff bound and of COLAP; time grows with "
                          "the square (default {})",
                          o.sample.topology_words),
              100000);
  add_integer(app, "--neighbors", o.sample.neighbors, 1,
              fmt::format("Neighbours of hubness, graph and CSLS, at most {} (default {})",
                          kMaxNeighbors, o.sample.neighbors),
              kMaxNeighbors);
  add_input_options(app, o.input);
  add_style_options(app, o.style);
}

void print(const AnalysisReport& report, OutputStyle style, Session& session) {
  session.terminal.release();
  switch (style) {
    case OutputStyle::text:
      return write_stdout(analysis_text(report));
    case OutputStyle::tsv:
      return write_stdout(analysis_tsv(report));
    case OutputStyle::json:
      return print_json(analysis_json(report));
  }
}

Json describe(const Embeddings& read, const std::string& path) {
  return {{"name", path}, {"words", read.size()}, {"dimension", read.dimension()}};
}

std::vector<std::string> first_words(const Embeddings& vectors, Eigen::Index count) {
  std::vector<std::string> words;
  for (Index i = 0; i < static_cast<Index>(count); ++i) words.emplace_back(vectors.words[i]);
  return words;
}

/// Takes the samples; `vectors` are normalised on the way.
/// @param rows  of the pairs, in order
/// @param map   of this side; null when the vectors as read are in the shared space
SideSample take_sample(Embeddings& vectors, const std::vector<Index>& rows, const SideMap* map,
                       bool shared, const AnalyzeOptions& o) {
  SideSample sample;
  const auto count = std::min<Eigen::Index>(vectors.size(), o.sample.words);
  sample.raw = vectors.vectors.topRows(count);
  sample.pairs = vectors.vectors(rows, Eigen::all);
  if (shared) {
    sample.mapped = map ? map->apply(sample.raw) : sample.raw;
    sample.mapped_pairs = map ? map->apply(sample.pairs) : sample.pairs;
    normalize_rows(sample.mapped);
    normalize_rows(sample.mapped_pairs);
  }
  // Fitted on all words, as a mapping is.
  Normalizer::fit(o.recipe, vectors.vectors);
  sample.normalized = vectors.vectors.topRows(count);
  sample.pairs = vectors.vectors(rows, Eigen::all);
  normalize_rows(sample.normalized);
  normalize_rows(sample.pairs);
  return sample;
}

int analyze_map_alone(const AnalyzeOptions& o, const Spool& file, Session& session) {
  session.warn_without_effect(
      {"--dictionary", "--pairs", "--shared", "--normalize", "--languages", "--words",
       "--graph-words", "--topology-words", "--neighbors", "--seed", "--case"},
      "on a mapping alone");
  const Mapping mapping = read_mapping(file.path());
  AnalysisReport report;
  report.inputs["mapping"] = {{"name", display_name(file.shown())},
                              {"method", mapping.method},
                              {"dimension", mapping.dimension()}};
  analyze_map(mapping, report.figures);
  print(report, o.style, session);
  return kDone;
}

void require_words(const Embeddings& vectors, const std::string& path) {
  if (vectors.size() < 20)
    throw Error(ErrorKind::data, path, counted(static_cast<std::uint64_t>(vectors.size()), "word"),
                "at least 20 to measure anything by", "give more words");
}

/// Nothing can be measured of a space without variance.
void require_variance(const SideSample& sample, const std::string& path) {
  constexpr float kRounding = 1e-6F;
  Matrix unit = sample.raw;
  normalize_rows(unit);
  const bool one_way = ((unit.rowwise() - unit.row(0)).array().abs() <= kRounding).all();
  if (one_way)
    throw Error(ErrorKind::data, path,
                fmt::format("all of the first {} {}",
                            counted(static_cast<std::uint64_t>(unit.rows()), "vector"),
                            unit.row(0).isZero(0) ? "are zero" : "point one way"),
                "vectors that differ", "nothing can be measured of a space without variance");
  if (sample.normalized.isZero(0))
    throw Error(ErrorKind::data, "--normalize", fmt::format("nothing left of {}", path),
                "steps that leave some variance", "leave steps out");
}

/// Beside the vectors: copies of the words that are looked at, and the libraries at work.
std::uint64_t sample_memory(const AnalyzeOptions& o, const VectorInput& input) {
  constexpr std::uint64_t kCopies = 2, kAtWork = std::uint64_t{10} << 20;
  const auto words = std::min(input.expected_words(), static_cast<std::uint64_t>(o.sample.words));
  return kAtWork +
         kCopies * words * static_cast<std::uint64_t>(input.info().dimension) * sizeof(float);
}

int analyze_one(const AnalyzeOptions& o, const Spool& file, Session& session) {
  session.warn_without_effect({"--dictionary", "--pairs", "--shared", "--case", "--graph-words",
                               "--topology-words", "--seed"},
                              "on one file");
  std::optional<WordGroups> groups;
  if (!o.languages.empty()) groups.emplace(o.languages);
  VectorInput input(file.path(), o.input, session, 0, file.shown());
  check_dimension(o.recipe, input.info().dimension);
  MemoryEstimate memory;
  memory.add(input);
  memory.add(sample_memory(o, input));
  memory.check(session);
  Embeddings vectors = input.read();
  require_words(vectors, input.path());
  session.terminal.release();
  AnalysisReport report;
  report.inputs["source"] = describe(vectors, input.path());
  std::vector<Index> of_row;
  if (groups) {
    groups->fit(vectors.words);
    of_row = groups->of(vectors.words);
    session.terminal.info(fmt::format("{}: {}", input.path(), group_sizes(*groups, of_row)));
  }
  const SideSample sample = take_sample(vectors, {}, nullptr, true, o);
  require_variance(sample, input.path());
  analyze_language(sample, "source", o.sample, session, report.figures);
  analyze_scripts(sample.mapped, first_words(vectors, sample.raw.rows()), o.sample, session,
                  report.figures);
  if (groups) {
    // Languages are told apart among all words whose language is known.
    std::vector<Index> known, language;
    for (Index i = 0; i < vectors.size(); ++i) {
      if (of_row[static_cast<std::size_t>(i)] == 0) continue;
      known.push_back(i);
      language.push_back(of_row[static_cast<std::size_t>(i)] - 1);
    }
    const auto count = static_cast<Index>(groups->names().size()) - 1;
    if (count < 2)
      throw Error(ErrorKind::data, "--languages",
                  counted(static_cast<std::uint64_t>(count), "language"),
                  fmt::format("at least 2, each of {} words", WordGroups::kFewest),
                  "choose prefix, script or a file, whatever tells the languages apart");
    analyze_languages(vectors.vectors(known, Eigen::all), {language, count}, report.figures);
  }
  print(report, o.style, session);
  return kDone;
}

/// The pairs as rows of both files, at most as many as are to be looked at.
std::pair<std::vector<Index>, std::vector<Index>> pair_rows(const AnalyzeOptions& o,
                                                            const std::optional<Dictionary>& words,
                                                            const Embeddings& source,
                                                            const Embeddings& target,
                                                            Session& session) {
  std::vector<Index> of_source, of_target;
  if (o.paired_rows) {
    of_source.resize(static_cast<std::size_t>(std::min(source.size(), o.sample.words)));
    std::iota(of_source.begin(), of_source.end(), 0);
    of_target = of_source;
  } else if (words) {
    const IndexedLexicon indexed =
        cover(*words, source.words, target.words, o.dictionary.case_policy, session);
    // Each word once: the row of one thing on both sides.
    std::vector<bool> source_seen(static_cast<std::size_t>(source.size()), false);
    std::vector<bool> target_seen(static_cast<std::size_t>(target.size()), false);
    for (const WordPair& pair : indexed.pairs) {
      const auto s = static_cast<std::size_t>(pair.source),
                 t = static_cast<std::size_t>(pair.target);
      if (source_seen[s] || target_seen[t]) continue;
      source_seen[s] = target_seen[t] = true;
      of_source.push_back(pair.source);
      of_target.push_back(pair.target);
      if (of_source.size() == static_cast<std::size_t>(o.sample.words)) break;
    }
  }
  return {of_source, of_target};
}

void check_paired_rows(const VectorInput& source, const Embeddings& source_vectors,
                       const VectorInput& target, const Embeddings& target_vectors) {
  if (source_vectors.size() != target_vectors.size())
    throw Error(ErrorKind::data, target.path(),
                counted(static_cast<std::uint64_t>(target_vectors.size()), "row"),
                fmt::format("{} as in {}", source_vectors.size(), source.path()),
                "with --pairs rows, row i of one file belongs to row i of the other");
  for (const VectorInput* input : {&source, &target})
    if (input->report().duplicates > 0)
      throw Error(ErrorKind::data, input->path(), "a word that stands in several rows",
                  "rows with different names", "rows are paired by their number: give each a name");
}

/// One line where what pairs tell is chance, or the same of any vectors.
void warn_of_few_pairs(const SideSample& source, const SideSample& target, Session& session) {
  const auto pairs = static_cast<std::uint64_t>(source.pairs.rows());
  const Eigen::Index dimension = std::max(source.pairs.cols(), target.pairs.cols());
  const bool trivial = source.pairs.rows() <= dimension;
  const std::string more = fmt::format("more than the {} dimensions", dimension);
  if (static_cast<double>(pairs) < kFewPairs)
    session.terminal.warn(fmt::format(
        "{} only: what pairs are measured by, such as relational similarity, CKA and SVCCA, tells "
        "little of so few; give at least {}{}",
        counted(pairs, "pair"), kFewPairs, trivial ? ", better " + more : ""));
  else if (trivial)
    session.terminal.warn(fmt::format(
        "{} in {} dimensions: projection-weighted CCA is then 1 and SVCCA near 1 of any "
        "vectors; give {}",
        counted(pairs, "pair"), dimension, more));
}

int analyze_two(const AnalyzeOptions& o, Session& session) {
  const bool mapped = session.arguments.size() == 3;
  session.warn_without_effect({"--languages"}, "on two files");
  if (mapped) session.warn_without_effect({"--shared"}, "with a mapping, which says so");
  if (o.paired_rows && !o.dictionary.files.empty())
    throw Error(ErrorKind::config, "--pairs", "given with a dictionary", "one of the two",
                "leave --pairs or -d out");
  std::vector<std::string> files = o.dictionary.files;
  files.insert(files.end(), session.arguments.values.begin(), session.arguments.values.end());
  check_single_stdin(files, session);
  std::optional<Dictionary> dictionary;
  if (!o.dictionary.files.empty())
    dictionary = read_dictionary(o.dictionary, o.input.strict, session);
  std::optional<Mapping> mapping;
  if (mapped) mapping = read_mapping(session.arguments[0]);
  VectorInput source(session.arguments[mapped ? 1 : 0], o.input, session);
  VectorInput target(session.arguments[mapped ? 2 : 1], o.input, session);
  for (const VectorInput* input : {&source, &target})
    check_dimension(o.recipe, input->info().dimension);
  if (mapping) {
    check_side_dimension(session.arguments[0], source.path(), source.info().dimension,
                         mapping->source, mapping->target);
    check_side_dimension(session.arguments[0], target.path(), target.info().dimension,
                         mapping->target, mapping->source);
  } else if (o.shared && source.info().dimension != target.info().dimension) {
    throw Error(ErrorKind::data, target.path(),
                fmt::format("{} dimensions", target.info().dimension),
                fmt::format("{} as in {}", source.info().dimension, source.path()),
                "vectors that share a space have the same dimension: leave out --shared");
  }
  MemoryEstimate memory;
  memory.add(source);
  memory.add(target);
  memory.add(sample_memory(o, source) + sample_memory(o, target));
  memory.check(session);
  Embeddings source_vectors = source.read(), target_vectors = target.read();
  require_words(source_vectors, source.path());
  require_words(target_vectors, target.path());
  if (mapping) {
    check_identity(identity_of(source_vectors, source), session.arguments[0], mapping->source,
                   mapping->target, session);
    check_identity(identity_of(target_vectors, target), session.arguments[0], mapping->target,
                   mapping->source, session);
  }
  if (o.paired_rows) check_paired_rows(source, source_vectors, target, target_vectors);
  const auto [source_rows, target_rows] =
      pair_rows(o, dictionary, source_vectors, target_vectors, session);
  session.terminal.release();

  AnalysisReport report;
  if (mapping)
    report.inputs["mapping"] = {{"name", session.arguments[0]},
                                {"method", mapping->method},
                                {"dimension", mapping->dimension()}};
  report.inputs["source"] = describe(source_vectors, source.path());
  report.inputs["target"] = describe(target_vectors, target.path());
  const bool shared = mapping.has_value() || o.shared;
  const SideSample of_source =
      take_sample(source_vectors, source_rows, mapping ? &mapping->source : nullptr, shared, o);
  const SideSample of_target =
      take_sample(target_vectors, target_rows, mapping ? &mapping->target : nullptr, shared, o);
  require_variance(of_source, source.path());
  require_variance(of_target, target.path());
  analyze_language(of_source, "source", o.sample, session, report.figures);
  analyze_language(of_target, "target", o.sample, session, report.figures);
  analyze_isometry(of_source, of_target, o.sample, report.figures);
  if (dictionary || o.paired_rows) warn_of_few_pairs(of_source, of_target, session);
  if (of_source.pairs.rows() >= 2)
    analyze_pairs(of_source, of_target, session.common.seed, report.figures);
  if (mapping) analyze_map(*mapping, report.figures);
  if (shared && !mapping)
    warn_if_unrelated(of_source.mapped_pairs, of_target.mapped_pairs,
                      rows_in_order(static_cast<Index>(of_source.mapped_pairs.rows())),
                      source.path() + ", " + target.path(), session);
  if (shared) {
    analyze_space(of_source, of_target, o.sample, session, report.figures);
    Matrix both(of_source.mapped.rows() + of_target.mapped.rows(), of_source.mapped.cols());
    both << of_source.mapped, of_target.mapped;
    std::vector<std::string> words = first_words(source_vectors, of_source.mapped.rows());
    std::ranges::move(first_words(target_vectors, of_target.mapped.rows()),
                      std::back_inserter(words));
    analyze_scripts(both, words, o.sample, session, report.figures);
  }
  print(report, o.style, session);
  return kDone;
}

int run(const AnalyzeOptions& o, Session& session) {
  const Arguments& files = session.arguments;
  if (files.size() == 0) files.require({"VECTORS"});
  if (files.size() == 1) {
    check_single_stdin({files[0], o.languages}, session);
    const Spool file(files[0]);
    return file.read([&] {
      return is_mapping_file(file.path()) ? analyze_map_alone(o, file, session)
                                          : analyze_one(o, file, session);
    });
  }
  if (files.size() == 2) {
    if (is_mapping_file(files[0]))
      throw Error(ErrorKind::config, "TARGET", "not given", "MAP SOURCE TARGET",
                  "a mapping needs the original vectors of both languages");
    return analyze_two(o, session);
  }
  files.require({"MAP", "SOURCE", "TARGET"});
  return analyze_two(o, session);
}

}  // namespace

void add_analyze(Program& program) {
  program.add<AnalyzeOptions>("analyze", define, run);
}

}  // namespace xalign::cli
