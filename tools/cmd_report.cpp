#include "bli_report.h"
#include "commands.h"
#include "options.h"
#include "report_page.h"
#include "shared_space.h"
#include "space_input.h"

#include <xalign/error.h>
#include <xalign/version.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace xalign::cli {
namespace {

struct ReportOptions {
  InputOptions input;
  DictionaryOptions dictionary;
  RetrievalOptions retrieval;
  bool reverse = false;
  Index lexicon = 20000;
  Index links = 200;
  std::string output;
};

constexpr Index kMaxLinks = 2000;

void define(CLI::App& app, ReportOptions& o) {
  add_dictionary_options(app, o.dictionary, "Test dictionary");
  add_weights_option(app, o.dictionary);
  add_output_option(app, o.output, "Page to write");
  add_integer(app, "--csls-k", o.retrieval.csls_k, 1,
              fmt::format("Neighbours in the CSLS means, at most {} (default {})", kMaxTopk,
                          o.retrieval.csls_k),
              kMaxTopk);
  add_flag(app, "--reverse", o.reverse,
           "Translate from target to source: the dictionary's second column asks");
  add_integer(app, "--lexicon", o.lexicon, 0,
              fmt::format("Source words that can be searched, the first N of the file; 0 = all "
                          "(default {})",
                          o.lexicon));
  add_integer(app, "--links", o.links, 0,
              fmt::format("Test pairs in the picture, at most {}; 0 = no picture (default {})",
                          kMaxLinks, o.links),
              kMaxLinks);
  add_input_options(app, o.input);
}

using Facts = std::vector<std::pair<std::string, std::string>>;

void add_side(Facts& facts, const char* name, const std::string& path, const Embeddings& side,
              const std::optional<Mapping>& mapping, Side which) {
  std::string text =
      fmt::format("{}, {} read", path, counted(static_cast<std::uint64_t>(side.size()), "word"));
  if (mapping) {
    const InputRecord& input = mapping->side(which).input;
    text += fmt::format("; learned on {}, {} x {}, fingerprint {:016x}", input.name,
                        counted(static_cast<std::uint64_t>(input.words), "word"), input.dimension,
                        input.fingerprint);
  }
  facts.emplace_back(name, std::move(text));
}

Facts make_facts(const ReportOptions& o, const SpaceInput& input, const Space& space,
                 const Dictionary& dictionary, Session& session) {
  Facts facts;
  facts.emplace_back("xalign", XALIGN_VERSION);
  if (const auto& mapping = input.mapping()) {
    facts.emplace_back("mapping", session.arguments[0]);
    facts.emplace_back("method",
                       fmt::format("{}: {}", mapping->method, fmt::join(mapping->steps, " | ")));
    facts.emplace_back("learned by",
                       fmt::format("xalign {}, seed {}", mapping->version, mapping->seed));
    facts.emplace_back(
        "training dictionary",
        fmt::format("{} of {} used", mapping->training.used,
                    counted(static_cast<std::uint64_t>(mapping->training.pairs), "pair")));
    facts.emplace_back("dimensions", std::to_string(mapping->dimension()));
  }
  add_side(facts, "source vectors", input.source_path(), o.reverse ? space.target : space.source,
           input.mapping(), Side::source);
  add_side(facts, "target vectors", input.target_path(), o.reverse ? space.source : space.target,
           input.mapping(), Side::target);
  facts.emplace_back("test dictionary", fmt::format("{}, {}", dictionary.name,
                                                    counted(dictionary.lexicon.size(), "pair")));
  facts.emplace_back("scoring",
                     fmt::format("csls over {} neighbours; intervals of {} resamples, "
                                 "seed {}",
                                 o.retrieval.csls_k, BliOptions{}.resamples, session.common.seed));
  // What changes the page, as it was given.
  for (const char* name : {"--case", "--csls-k", "--reverse", "--lexicon", "--links", "--format",
                           "--strict", "--max-vocab", "--seed"})
    if (session.given(name))
      facts.emplace_back(
          name, fmt::format("{}", fmt::join(session.parser.get_option(name)->results(), " ")));
  return facts;
}

int run(const ReportOptions& o, Session& session) {
  require_space(session.arguments);
  require_output("--output", o.output, "a file for the page");
  std::vector<std::string> files = o.dictionary.files;
  files.insert(files.end(), session.arguments.values.begin(), session.arguments.values.end());
  check_single_stdin(files, session);
  refuse_clashes({o.output}, session);

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
  warn_of_few(dictionary.name, queries, session);
  if (!input.mapping())
    warn_if_unrelated(space.source.vectors, space.target.vectors, pairs_of(queries), input.paths(),
                      session);
  BliOptions options;
  options.retrieval = o.retrieval;
  options.retrieval.isa = session.isa;
  options.retrieval.progress = session.terminal.progress();
  options.seed = session.common.seed;
  // The induced lexicon, the terms of all targets and the hubs share their searches.
  const CslsResult best = find_csls(space.source.vectors, space.target.vectors,
                                    {.neighbors = options.retrieval.csls_k,
                                     .isa = session.isa,
                                     .progress = session.terminal.progress()});
  const BliResult result =
      evaluate_bli(space.source.vectors, space.target.vectors, queries, options,
                   options.retrieval.csls_vocab == 0 ? std::span<const float>(best.target_means)
                                                     : std::span<const float>());
  BliReport report{space, queries, options, result, o.reverse, {}};
  report.details.breakdowns = {group_by_frequency(queries),
                               group_by_identity(queries, space.source.words, space.target.words),
                               group_by_cognates(queries, space.source.words, space.target.words)};
  report.details.hubs = find_hub_victims(space.source.vectors, space.target.vectors,
                                         result.retrievals, best.neighbors.rows, 10, session.isa);
  session.terminal.release();
  const std::string name = input.mapping() ? session.arguments[0] : input.source_path();
  write_file(o.output,
             report_page({.title = fmt::format("Report on {}", name),
                          .subtitle = fmt::format("{} to {}{}, tested on {}", input.source_path(),
                                                  input.target_path(),
                                                  o.reverse ? ", in reverse" : "", dictionary.name),
                          .bli = report,
                          .best = best,
                          .lexicon = o.lexicon,
                          .links = o.links,
                          .facts = make_facts(o, input, space, dictionary, session)}));
  if (o.output != "-") session.terminal.info(fmt::format("{}: written", o.output));
  return kDone;
}

}  // namespace

void add_report(Program& program) {
  program.add<ReportOptions>("report", define, run);
}

}  // namespace xalign::cli
