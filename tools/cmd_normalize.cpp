#include "commands.h"
#include "inputs.h"
#include "interrupt.h"
#include "output.h"
#include "word_groups.h"

#include <xalign/error.h>
#include <xalign/isotropy.h>
#include <xalign/normalize.h>
#include <xalign/outlier_dimensions.h>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace xalign::cli {
namespace {

constexpr Index kIsotropyWords = 10000;
constexpr double kOutlierThreshold = 5;

struct NormalizeOptions {
  InputOptions input;
  NormalizeRecipe recipe = parse_normalize_recipe("unit,center,unit");
  std::string center_by;
  Index fit_vocab = 0;
  std::string output;
  WriteOptions write;
  OutputStyle style = OutputStyle::text;
};

/// Runs what the library may refuse under the name of its recipe, which is `where` here.
template <class Action>
auto with_place(std::string_view where, const Action& action) {
  try {
    return action();
  } catch (const Error& error) {
    constexpr std::string_view kWhere = "normalize: ";
    std::string_view line = error.what();
    if (!line.starts_with(kWhere)) throw;
    line.remove_prefix(kWhere.size());
    throw Error(error.kind(), where, line);
  }
}

void define(CLI::App& app, NormalizeOptions& o) {
  add_parsed(
      app, "--steps", "STEPS",
      fmt::format("Any of unit, center, iternorm:N, abtt:N, zca:X, outliers:X, cbie:CLUSTERS,N, "
                  "joined by commas (default {})",
                  to_string(o.recipe)),
      [&o](const std::string& text) {
        with_place("--steps", [&] { o.recipe = parse_normalize_recipe(text); });
      });
  add_text(
      app, "--center-by", o.center_by, "prefix|script|FILE",
      "Wherever a step centers, subtract the mean of the word's language: what stands before "
      "its first colon (or /c/LANGUAGE/), its script, or as a file says (word, tab, language)");
  add_integer(app, "--fit-vocab", o.fit_vocab, 0,
              "Fit means and directions on the first N words and treat the rest alike, in constant "
              "memory; 0 = on all words (default 0)");
  add_output_option(app, o.output, "Vectors to write");
  add_write_options(app, o.write);
  add_input_options(app, o.input);
  add_style_options(app, o.style);
}

/// Measures of the first words, before or after.
struct Isotropy {
  double isoscore = 0, partition = 0, cosine = 0;
  std::size_t outliers = 0;
};

Isotropy measure(const Matrix& vectors) {
  const auto rows = vectors.topRows(std::min<Eigen::Index>(vectors.rows(), kIsotropyWords));
  return {score_isoscore(rows), score_partition(rows), mean_cosine(rows),
          find_outlier_dimensions(rows, kOutlierThreshold).size()};
}

struct Report {
  const NormalizeOptions& options;
  Isotropy before, after;
  std::uint64_t words, fitted, measured;
  Eigen::Index dimension;
};

struct Line {
  const char* name;
  const char* label;
  double before, after;
};

std::vector<Line> lines(const Report& r) {
  return {
      {"isoscore", "IsoScore (1 = all directions alike)", r.before.isoscore, r.after.isoscore},
      {"partition_score", "partition score (1 = isotropic)", r.before.partition, r.after.partition},
      {"mean_cosine", "mean cosine of two words (0 = isotropic)", r.before.cosine, r.after.cosine},
      {"outlier_dimensions", "outlier dimensions", static_cast<double>(r.before.outliers),
       static_cast<double>(r.after.outliers)}};
}

std::string text_of(const Report& r) {
  Table table({fmt::format("<{}", to_string(r.options.recipe)), "before", "after"});
  for (const auto& [name, label, before, after] : lines(r))
    table.add(
        {label, fmt::format("{:.4g}", rounded(before)), fmt::format("{:.4g}", rounded(after))});
  return table.text();
}

std::string tsv_of(const Report& r) {
  Table table({"measure", "before", "after"});
  for (const auto& [name, label, before, after] : lines(r))
    table.add({name, score_text(before), score_text(after)});
  return table.tsv();
}

Json json_of(const Report& r) {
  Json json = json_result("normalize");
  json["steps"] = to_string(r.options.recipe);
  json["words"] = r.words;
  json["dimension"] = r.dimension;
  json["fitted_on"] = r.fitted;
  json["measured_on"] = r.measured;
  for (const auto& [name, label, before, after] : lines(r)) {
    json["before"][name] = rounded(before);
    json["after"][name] = rounded(after);
  }
  json["output"] = r.options.output;
  return json;
}

/// The report goes where the vectors do not.
void print(const Report& report, Session& session) {
  if (report.options.output == "-") return session.terminal.info("isotropy\n" + text_of(report));
  switch (report.options.style) {
    case OutputStyle::text:
      return write_stdout(text_of(report));
    case OutputStyle::tsv:
      return write_stdout(tsv_of(report));
    case OutputStyle::json:
      return print_json(json_of(report));
  }
}

/// Reads until there are `wanted` words; 0 = all.
Embeddings read_first(VectorInput& input, Index wanted) {
  if (wanted == 0) return input.read();
  Embeddings first;
  while (first.size() < wanted && input.next(first)) {
  }
  return first;
}

std::uint64_t zero_rows(const Matrix& rows) {
  return static_cast<std::uint64_t>((rows.array() == 0).rowwise().all().count());
}

bool centers(NormalizeStep::Kind kind) {
  switch (kind) {
    case NormalizeStep::Kind::center:
    case NormalizeStep::Kind::iternorm:
    case NormalizeStep::Kind::abtt:
    case NormalizeStep::Kind::zca:
      return true;
    case NormalizeStep::Kind::unit:
    case NormalizeStep::Kind::outliers:
    case NormalizeStep::Kind::cbie:  // by the centres of its clusters
      return false;
  }
  return false;
}

/// Directions of fewer words than dimensions are those of the words, not of the language.
void warn_of_few_words(const NormalizeOptions& o, Eigen::Index words, Eigen::Index dimension,
                       const std::string& path, Session& session) {
  const auto whitens = [](const NormalizeStep& step) {
    return step.kind == NormalizeStep::Kind::zca;
  };
  if (words < dimension && std::ranges::any_of(o.recipe, whitens))
    session.terminal.warn(
        fmt::format("{}: fitted on {}, fewer than the {} dimensions: zca stretches directions that "
                    "they have no variance in{}",
                    path, counted(static_cast<std::uint64_t>(words), "word"), dimension,
                    o.fit_vocab > 0 ? "; raise --fit-vocab" : ""));
}

int run(const NormalizeOptions& o, Session& session) {
  session.arguments.require({"IN"});
  session.warn_without_effect({"--seed"}, "here");
  if (std::ranges::none_of(o.recipe, centers, &NormalizeStep::kind))
    session.warn_without_effect({"--center-by"},
                                fmt::format("on the steps {}: none centers", to_string(o.recipe)));
  require_output("--output", o.output, "a file for the normalised vectors, or -");
  check_vector_outputs({o.output}, o.write, session);
  refuse_clashes({}, {o.output}, o.write, session);
  if (o.output == "-" && o.style != OutputStyle::text)
    throw Error(ErrorKind::config, o.style == OutputStyle::json ? "--json" : "--tsv",
                "standard output is taken by the vectors", "vectors in a file",
                "add --output FILE");
  check_single_stdin({session.arguments[0], o.center_by}, session);
  std::optional<WordGroups> groups;
  if (!o.center_by.empty()) groups.emplace(o.center_by);
  VectorInput input(session.arguments[0], o.input, session);
  with_place("--steps", [&] { check_dimension(o.recipe, input.info().dimension); });
  MemoryEstimate memory;
  o.fit_vocab == 0 ? memory.add(input) : memory.add_streamed(input);
  memory.check(session);

  Embeddings first = read_first(input, o.fit_vocab);
  // A batch of a pipe may hold more than was asked for.
  const Eigen::Index fitted = o.fit_vocab == 0 ? first.size() : std::min(first.size(), o.fit_vocab);
  std::vector<Index> of_word;
  if (groups) {
    Vocabulary fitted_words;
    for (Index i = 0; i < static_cast<Index>(fitted); ++i) fitted_words.insert(first.words[i]);
    groups->fit(fitted_words);
    of_word = groups->of(first.words);
    session.terminal.info(fmt::format("{}: {}", input.path(), group_sizes(*groups, of_word)));
    if (groups->names().size() < 2)
      session.terminal.warn("--center-by: no language found; all words are centered together");
  }
  const auto row_groups = [&](const std::vector<Index>& of_rows) {
    return groups ? RowGroups{of_rows, static_cast<Index>(groups->names().size())} : RowGroups{};
  };
  Report report{o, measure(first.vectors), {}, 0, static_cast<std::uint64_t>(fitted),
                0, first.dimension()};
  const RowGroups first_groups = row_groups(of_word);
  warn_of_few_words(o, fitted, first.dimension(), input.path(), session);
  std::uint64_t zeros_before = zero_rows(first.vectors);
  const Normalizer normalizer = with_place(input.path(), [&] {
    return Normalizer::fit(o.recipe, first.vectors.topRows(fitted), first_groups.of(0, fitted));
  });
  const Eigen::Index rest = first.size() - fitted;
  if (rest > 0) normalizer.apply(first.vectors.bottomRows(rest), first_groups.of(fitted, rest));
  report.after = measure(first.vectors);
  std::uint64_t zeros = zero_rows(first.vectors);
  report.measured = static_cast<std::uint64_t>(std::min<Index>(first.size(), kIsotropyWords));

  const OutputGuard guard;
  WriteOptions write = o.write;
  write.expected_rows =
      o.fit_vocab == 0 ? static_cast<std::uint64_t>(first.size()) : input.promised_words();
  if (input.info().store) write.store.labels = input.info().store->labels;
  std::string& done = write.store.labels.normalization;
  done += (done.empty() ? "" : ",") + to_string(o.recipe);
  VectorWriter writer(o.output, first.dimension(), write);
  writer.write(first.words, first.vectors);
  report.words = static_cast<std::uint64_t>(first.size());
  if (o.fit_vocab > 0) {
    for (Embeddings batch; input.next(batch); batch = {}) {
      const auto of_batch = groups ? groups->of(batch.words) : std::vector<Index>{};
      zeros_before += zero_rows(batch.vectors);
      normalizer.apply(batch.vectors, row_groups(of_batch));
      zeros += zero_rows(batch.vectors);
      writer.write(batch.words, batch.vectors);
      report.words += static_cast<std::uint64_t>(batch.size());
    }
  }
  refuse_shortened_words(o.output, session.arguments[0], input.report(), o.write, session);
  writer.close();
  if (zeros > zeros_before)
    session.terminal.warn(fmt::format("{}: {} of {} became zero: the steps {} leave nothing of {}",
                                      input.path(), grouped(zeros - zeros_before),
                                      counted(report.words, "row"), to_string(o.recipe),
                                      zeros - zeros_before == 1 ? "it" : "them"));
  session.terminal.release();
  print(report, session);
  return kDone;
}

}  // namespace

void add_normalize(Program& program) {
  program.add<NormalizeOptions>("normalize", define, run);
}

}  // namespace xalign::cli
