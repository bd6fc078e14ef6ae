#include "commands.h"
#include "evaluation.h"
#include "shared_space.h"
#include "space_input.h"

#include <xalign/error.h>
#include <xalign/paired_retrieval.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace xalign::cli {
namespace {

struct RetrievalCommandOptions {
  InputOptions input;
  PairedRetrievalOptions retrieval;
  OutputStyle style = OutputStyle::text;
};

void define(CLI::App& app, RetrievalCommandOptions& o) {
  add_ks_option(app, o.retrieval.ks, "Ranks that recall is given for");
  add_retrievals_option(app, o.retrieval.retrievals);
  add_scoring_options(app, o.retrieval.retrieval);
  add_integer(app, "--margin-k", o.retrieval.margin_neighbors, 1,
              fmt::format("Neighbours in the margins of xsim, at most {} (default {})", kMaxTopk,
                          o.retrieval.margin_neighbors),
              kMaxTopk);
  add_input_options(app, o.input);
  add_style_options(app, o.style);
}

// A row that was dropped would shift all rows behind it.
void check_paired(const VectorInput& source, const VectorInput& target, const Space& space) {
  for (const VectorInput* input : {&source, &target})
    if (input->report().duplicates > 0)
      throw Error(ErrorKind::data, input->report().first_duplicate_place,
                  "a name that an earlier row has", "rows with different names",
                  "rows are paired by their number: give each a name of its own");
  if (space.source.size() != space.target.size())
    throw Error(ErrorKind::data, target.path(), fmt::format("{} rows", space.target.size()),
                fmt::format("{} as in {}", space.source.size(), source.path()),
                "row i of one file belongs to row i of the other");
}

struct Direction {
  const char* name;
  const PairedDirection& result;
};

std::array<Direction, 2> directions(const PairedRetrievalResult& result) {
  return {{{"source_to_target", result.forward}, {"target_to_source", result.backward}}};
}

struct Metric {
  std::string name;
  double value;
};

std::vector<Metric> metrics(const PairedScore& score, const std::vector<int>& ks) {
  std::vector<Metric> all = {};
  for (std::size_t i = 0; i < ks.size(); ++i) {
    if (ks[i] == 1) all.push_back({"p@1", score.recall[i]});
    all.push_back({fmt::format("recall@{}", ks[i]), score.recall[i]});
  }
  all.push_back({"mrr", score.mrr});
  all.push_back({fmt::format("ndcg@{}", ks.back()), score.ndcg});
  return all;
}

std::vector<Metric> metrics(const XsimErrors& errors) {
  return {{"absolute", errors.absolute}, {"distance", errors.distance}, {"ratio", errors.ratio}};
}

std::string text_of(const PairedRetrievalResult& result, const PairedRetrievalOptions& o,
                    Index rows) {
  std::string out = fmt::format("pairs  {}\n\n", counted(static_cast<std::uint64_t>(rows), "row"));
  std::vector<std::string> header = {"<%"};
  for (const PairedScore& score : result.forward.scores)
    for (const char* arrow : {"->", "<-"})
      header.push_back(fmt::format("{} {}", to_string(score.retrieval), arrow));
  Table table(header);
  const std::size_t count = metrics(result.forward.scores.front(), o.ks).size();
  for (std::size_t m = 0; m < count; ++m) {
    std::vector<std::string> row;
    for (std::size_t s = 0; s < result.forward.scores.size(); ++s)
      for (const Direction& direction : directions(result)) {
        const Metric metric = metrics(direction.result.scores[s], o.ks)[m];
        if (row.empty()) row.push_back(metric.name);
        row.push_back(rate_text(metric.value));
      }
    table.add(row);
  }
  out += table.text() + "\n";
  Table xsim({"<error, %", "xsim ->", "xsim <-"});
  for (std::size_t m = 0; m < 3; ++m)
    xsim.add({metrics(result.forward.xsim)[m].name,
              rate_text(metrics(result.forward.xsim)[m].value),
              rate_text(metrics(result.backward.xsim)[m].value)});
  out += xsim.text();
  out += fmt::format(
      "\n-> source rows ask, <- target rows ask. xsim: share of rows whose best partner by the\n"
      "margin is another one, with means over {} neighbours.\n",
      std::min(static_cast<Index>(o.margin_neighbors), rows));
  return out;
}

std::string tsv_of(const PairedRetrievalResult& result, const PairedRetrievalOptions& o) {
  Table table({"direction", "score", "metric", "value"});
  for (const Direction& direction : directions(result)) {
    for (const PairedScore& score : direction.result.scores)
      for (const Metric& metric : metrics(score, o.ks))
        table.add({direction.name, std::string(to_string(score.retrieval)), metric.name,
                   score_text(metric.value)});
    for (const Metric& metric : metrics(direction.result.xsim))
      table.add({direction.name, metric.name, "xsim", score_text(metric.value)});
  }
  return table.tsv();
}

Json json_of(const PairedRetrievalResult& result, const PairedRetrievalOptions& o, Index rows) {
  Json json = json_result("eval-retrieval");
  json["pairs"] = rows;
  for (const Direction& direction : directions(result)) {
    Json& out = json[direction.name];
    for (const PairedScore& score : direction.result.scores)
      for (const Metric& metric : metrics(score, o.ks))
        out[std::string(to_string(score.retrieval))][metric.name] = rounded(metric.value);
    for (const Metric& metric : metrics(direction.result.xsim))
      out["xsim"][metric.name] = rounded(metric.value);
  }
  return json;
}

int run(const RetrievalCommandOptions& o, Session& session) {
  require_space(session.arguments);
  check_single_stdin(session.arguments.values, session);
  session.warn_without_effect({"--seed"}, "here");
  session.warn_of_scoring_without_effect(o.retrieval.retrievals);
  SpaceInput input = open_space(o.input, session);
  input.estimate_memory();
  input.read();
  const Space space = input.make_space();
  check_paired(input.source_input(), input.target_input(), space);
  session.terminal.release();
  if (space.source.size() < 2)
    session.terminal.warn(
        "one row only, which cannot but find its partner: these scores tell nothing");
  if (!input.mapping())
    warn_if_unrelated(space.source.vectors, space.target.vectors,
                      rows_in_order(space.source.size()), input.paths(), session);
  PairedRetrievalOptions options = o.retrieval;
  options.retrieval = input.retrieval_options(o.retrieval.retrieval);
  const PairedRetrievalResult result =
      evaluate_paired_retrieval(space.source.vectors, space.target.vectors, options);
  session.terminal.release();
  const Index rows = space.source.size();
  print_result(
      o.style, [&] { return text_of(result, options, rows); },
      [&] { return tsv_of(result, options); }, [&] { return json_of(result, options, rows); });
  return kDone;
}

}  // namespace

void add_eval_retrieval(Program& program) {
  program.add<RetrievalCommandOptions>("eval retrieval", define, run);
}

}  // namespace xalign::cli
