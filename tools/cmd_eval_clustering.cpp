#include "commands.h"
#include "evaluation.h"
#include "inputs.h"

#include <xalign/clustering.h>
#include <xalign/error.h>
#include <xalign/gold_io.h>
#include <xalign/normalize.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <set>

namespace xalign::cli {
namespace {

struct ClusteringCommandOptions {
  InputOptions input;
  std::string labels;
  CasePolicy case_policy = CasePolicy::exact;
  ClusteringOptions clustering;
  OutputStyle style = OutputStyle::text;
};

void define(CLI::App& app, ClusteringCommandOptions& o) {
  add_text(app, "-d,--labels", o.labels, "FILE",
           "Words and their classes, or one class a line for all rows in order");
  add_choice(
      app, "--case", {"exact", "lower"},
      [&o](std::size_t i) { o.case_policy = static_cast<CasePolicy>(i); },
      "Look words up as written or in lower case (default exact)");
  add_integer(app, "--clusters", o.clustering.clusters, 0,
              "Clusters to make; 0 = as many as there are classes (default 0)", 1000000);
  add_integer(
      app, "--starts", o.clustering.starts, 1,
      fmt::format("Runs of k-means, of which the best counts (default {})", o.clustering.starts),
      1000);
  add_input_options(app, o.input);
  add_style_options(app, o.style);
}

/// Rows with a class.
struct Items {
  std::vector<Index> rows;
  std::vector<Index> classes;
  Index names = 0;  // different classes of the items
  Index total = 0;  // entries of the file
};

Index number_of(const std::string& label, Vocabulary& labels) {
  return labels.insert(label).first;
}

Items find_items(const LabelSet& set, const std::string& file, const Vocabulary& words,
                 const ReadReport& read, CasePolicy policy, Session& session) {
  Items items;
  items.total = static_cast<Index>(set.labels.size());
  Vocabulary labels;
  if (set.words.empty()) {
    // A row that was dropped would shift the labels of all rows behind it.
    if (read.duplicates > 0)
      throw Error(ErrorKind::data, read.first_duplicate_place, "a word that an earlier row has",
                  "rows with different words",
                  fmt::format("{} labels rows by their number: name the words there (WORD TAB "
                              "LABEL), or give each row a name of its own",
                              file));
    if (items.total != words.size())
      throw Error(ErrorKind::data, file, counted(static_cast<std::uint64_t>(items.total), "label"),
                  fmt::format("{}, one for each row", words.size()),
                  "name the words, if only some have a label: WORD TAB LABEL");
    for (Index row = 0; row < items.total; ++row) {
      items.rows.push_back(row);
      items.classes.push_back(number_of(set.labels[static_cast<std::size_t>(row)], labels));
    }
  } else {
    std::set<Index> taken;
    std::set<Index> lower;
    Index repeated = 0;
    for (std::size_t i = 0; i < set.words.size(); ++i) {
      const auto row = find_word(words, set.words[i], policy);
      if (policy == CasePolicy::exact)
        if (const auto found = find_word(words, set.words[i], CasePolicy::lower))
          lower.insert(*found);
      if (!row) continue;
      if (!taken.insert(*row).second) {
        ++repeated;
        continue;
      }
      items.rows.push_back(*row);
      items.classes.push_back(number_of(set.labels[i], labels));
    }
    if (items.rows.empty() && lower.empty())
      throw Error(ErrorKind::data, file,
                  fmt::format("none of its first columns, such as '{}', is a word of the vectors",
                              printable(set.words.front())),
                  "WORD TAB LABEL, or for all rows in order a label a line, without blanks",
                  "check the language and the spelling, or join the parts of a label by _");
    report_coverage(file, "word", static_cast<Index>(items.rows.size()), items.total,
                    static_cast<Index>(lower.size()), session);
    if (repeated > 0)
      session.terminal.warn(fmt::format("{}: {} repeated; the first label counts", file,
                                        counted(static_cast<std::uint64_t>(repeated), "word")));
  }
  items.names = labels.size();
  return items;
}

int run(const ClusteringCommandOptions& o, Session& session) {
  session.arguments.require({"VECTORS"});
  if (o.labels.empty())
    throw Error(ErrorKind::config, "--labels", "not given", "a file of words and their classes",
                "add --labels FILE");
  check_single_stdin({session.arguments[0], o.labels});
  const LabelSet set = read_labels(o.labels);
  VectorInput input(session.arguments[0], o.input, session);
  MemoryEstimate memory;
  memory.add(input);
  memory.check(session);
  Embeddings embeddings = input.read();
  normalize_rows(embeddings.vectors);
  const Items items = find_items(set, display_name(o.labels), embeddings.words, input.report(),
                                 o.case_policy, session);
  ClusteringOptions options = o.clustering;
  options.seed = session.common.seed;
  if (const int clusters = options.clusters > 0 ? options.clusters : items.names;
      clusters > static_cast<int>(items.rows.size()))
    throw Error(ErrorKind::data, display_name(o.labels), fmt::format("{} words", items.rows.size()),
                fmt::format("at least one for each of {} clusters", clusters),
                "label more words, or ask for fewer with --clusters");
  if (items.names < 2)
    session.terminal.warn(
        fmt::format("{}: one class only, which any clusters fit: these scores tell nothing",
                    display_name(o.labels)));
  else
    warn_of_few(o.labels, static_cast<Index>(items.rows.size()), "word", "words", session);
  session.terminal.release();
  Matrix rows(static_cast<Eigen::Index>(items.rows.size()), embeddings.dimension());
  for (std::size_t i = 0; i < items.rows.size(); ++i)
    rows.row(static_cast<Eigen::Index>(i)) = embeddings.vectors.row(items.rows[i]);
  const ClusteringResult result = evaluate_clustering(rows, items.classes, options);
  const VMeasure& score = result.score;
  const auto count = static_cast<std::uint64_t>(items.rows.size());
  print_result(
      o.style,
      [&] {
        Table table({"<%", ""});
        table.add({"V-measure", rate_text(score.v_measure)});
        table.add({"homogeneity", rate_text(score.homogeneity)});
        table.add({"completeness", rate_text(score.completeness)});
        table.add({"purity", rate_text(score.purity)});
        return fmt::format("words     {} of {} covered, of {}\nclusters  {}\n\n{}", grouped(count),
                           grouped(static_cast<std::uint64_t>(items.total)),
                           items.names == 1 ? "1 class" : fmt::format("{} classes", items.names),
                           result.clusters, table.text());
      },
      [&] {
        Table table({"metric", "value"});
        table.add({"v_measure", score_text(score.v_measure)});
        table.add({"homogeneity", score_text(score.homogeneity)});
        table.add({"completeness", score_text(score.completeness)});
        table.add({"purity", score_text(score.purity)});
        return table.tsv();
      },
      [&] {
        Json json = json_result("eval-clustering");
        json["covered"] = count;
        json["total"] = items.total;
        json["classes"] = items.names;
        json["clusters"] = result.clusters;
        json["v_measure"] = rounded(score.v_measure);
        json["homogeneity"] = rounded(score.homogeneity);
        json["completeness"] = rounded(score.completeness);
        json["purity"] = rounded(score.purity);
        return json;
      });
  return kDone;
}

}  // namespace

void add_eval_clustering(Program& program) {
  program.add<ClusteringCommandOptions>("eval clustering", define, run);
}

}  // namespace xalign::cli
