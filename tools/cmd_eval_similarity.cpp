#include "commands.h"
#include "evaluation.h"
#include "shared_space.h"
#include "space_input.h"

#include <xalign/error.h>
#include <xalign/mapping_io.h>
#include <xalign/normalize.h>
#include <xalign/similarity.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

namespace xalign::cli {
namespace {

const std::vector<std::string> kOovPolicies = {"skip", "zero", "mean"};
constexpr std::array kOovMeanings = {"left out", "counted as a cosine of 0",
                                     "counted as the mean cosine of covered pairs"};

struct SimilarityCommandOptions {
  InputOptions input;
  DictionaryOptions data;
  SimilarityOptions similarity;
  bool reverse = false;
  OutputStyle style = OutputStyle::text;
};

void define(CLI::App& app, SimilarityCommandOptions& o) {
  add_dictionary_options(app, o.data, "Pairs of words with the judgement of people");
  add_choice(
      app, "--oov", kOovPolicies,
      [&o](std::size_t i) { o.similarity.oov = static_cast<OovPolicy>(i); },
      "What pairs with an unknown word count for: nothing, a cosine of 0, or the mean cosine of "
      "the others (default skip)");
  add_flag(app, "--compose", o.similarity.compose,
           "An unknown phrase is the mean of its words, when all of them are known");
  add_flag(app, "--reverse", o.reverse, "The first words are of the target language");
  add_input_options(app, o.input);
  add_style_options(app, o.style);
}

/// Both columns' vectors: the same ones within a language.
struct Sides {
  Space space;
  bool one = false;
  std::string unmapped;  // both files, where they are said to share a space

  const Embeddings& first() const { return space.source; }
  const Embeddings& second() const { return one ? space.source : space.target; }
};

bool is_one_language(const Arguments& files) {
  return files.size() == 1 && !is_mapping_file(files[0]);
}

Sides read_sides(const SimilarityCommandOptions& o, Session& session) {
  Sides sides;
  if (is_one_language(session.arguments)) {
    session.warn_without_effect({"--reverse"}, "within a language");
    VectorInput input(session.arguments[0], o.input, session);
    MemoryEstimate memory;
    memory.add(input);
    memory.check(session);
    sides.space.source = input.read();
    normalize_rows(sides.space.source.vectors);
    sides.one = true;
    return sides;
  }
  SpaceInput input = open_space(o.input, session);
  input.estimate_memory();
  input.read();
  if (!input.mapping()) sides.unmapped = input.paths();
  sides.space = input.make_space();
  if (o.reverse) std::swap(sides.space.source, sides.space.target);
  return sides;
}

/// Pairs with both words known.
RowPairs known_pairs(std::span<const SimilarityPair> pairs, const Sides& sides, CasePolicy policy) {
  RowPairs known;
  for (const SimilarityPair& pair : pairs) {
    const auto first = find_word(sides.first().words, pair.first, policy);
    const auto second = find_word(sides.second().words, pair.second, policy);
    if (first && second) known.emplace_back(*first, *second);
  }
  return known;
}

Index count_lower(std::span<const SimilarityPair> pairs, const Sides& sides) {
  return static_cast<Index>(known_pairs(pairs, sides, CasePolicy::lower).size());
}

/// Whether all pairs that count agree in a value.
bool is_constant(const SimilarityResult& result, OovPolicy oov,
                 const std::function<double(std::size_t)>& value) {
  std::optional<double> first;
  for (std::size_t i = 0; i < result.cosines.size(); ++i) {
    if (!result.cosines[i] && oov == OovPolicy::skip) continue;
    if (!first) first = value(i);
    if (value(i) != *first) return false;
  }
  return true;
}

void warn_of_undefined(const std::string& file, std::span<const SimilarityPair> pairs,
                       const SimilarityResult& result, OovPolicy oov, Session& session) {
  const auto undefined = [](const SimilarityScore& score) {
    return std::isnan(score.harmonic_mean);
  };
  const Index counting = oov == OovPolicy::skip ? result.all.covered : result.all.total;
  if (undefined(result.all)) {
    const bool judgements = is_constant(result, oov, [&](std::size_t i) { return pairs[i].score; });
    session.terminal.warn(fmt::format("{}: no correlation is defined: {}", display_name(file),
                                      counting < 2 ? "only one pair counts"
                                      : judgements ? "all judgements are equal"
                                                   : "all cosines are equal"));
  } else if (const auto count = std::ranges::count_if(result.groups, undefined); count > 0) {
    session.terminal.warn(fmt::format(
        "{}: no correlation is defined for {} of {} groups: fewer than two pairs count, or all "
        "their values are equal",
        display_name(file), count, result.groups.size()));
  }
}

std::vector<SimilarityScore> rows_of(const SimilarityResult& result) {
  std::vector<SimilarityScore> rows = {result.all};
  rows.insert(rows.end(), result.groups.begin(), result.groups.end());
  return rows;
}

std::string interval_text(const std::pair<double, double>& interval) {
  if (std::isnan(interval.first)) return "-";
  return fmt::format("{:.3f}..{:.3f}", interval.first, interval.second);
}

std::string text_of(const SimilarityResult& result, const SimilarityCommandOptions& o) {
  Table table({"<", "pairs", "covered", "spearman", "95% interval", "pearson", "95% interval",
               "harmonic mean"});
  for (const SimilarityScore& row : rows_of(result))
    table.add({row.name.empty() ? "(none)" : tsv_field(row.name),
               grouped(static_cast<std::uint64_t>(row.total)),
               grouped(static_cast<std::uint64_t>(row.covered)), number_text(row.spearman),
               interval_text(row.spearman_ci95), number_text(row.pearson),
               interval_text(row.pearson_ci95), number_text(row.harmonic_mean)});
  std::string out = table.text();
  out += fmt::format("\nPairs with an unknown word are {}.",
                     kOovMeanings[static_cast<std::size_t>(o.similarity.oov)]);
  if (result.composed > 0)
    out += fmt::format(" {} made of their words.",
                       counted(static_cast<std::uint64_t>(result.composed), "phrase"));
  return out + "\n";
}

std::string tsv_of(const SimilarityResult& result) {
  Table table({"group", "total", "covered", "spearman", "spearman_low", "spearman_high", "pearson",
               "pearson_low", "pearson_high", "harmonic_mean"});
  for (const SimilarityScore& row : rows_of(result))
    table.add({tsv_field(row.name), std::to_string(row.total), std::to_string(row.covered),
               score_text(row.spearman), score_text(row.spearman_ci95.first),
               score_text(row.spearman_ci95.second), score_text(row.pearson),
               score_text(row.pearson_ci95.first), score_text(row.pearson_ci95.second),
               score_text(row.harmonic_mean)});
  return table.tsv();
}

void put_score(Json& json, const SimilarityScore& score) {
  json["spearman"] = number_json(score.spearman);
  json["pearson"] = number_json(score.pearson);
  json["harmonic_mean"] = number_json(score.harmonic_mean);
  json["covered"] = score.covered;
  json["total"] = score.total;
  json["spearman_ci95"] = {number_json(score.spearman_ci95.first),
                           number_json(score.spearman_ci95.second)};
  json["pearson_ci95"] = {number_json(score.pearson_ci95.first),
                          number_json(score.pearson_ci95.second)};
}

Json json_of(const SimilarityResult& result, const SimilarityCommandOptions& o,
             const Sides& sides) {
  Json json = json_result("eval-similarity");
  put_score(json, result.all);
  json["oov"] = kOovPolicies[static_cast<std::size_t>(o.similarity.oov)];
  json["composed"] = result.composed;
  json["vocabulary"] = Json::array({sides.first().size()});
  if (!sides.one) json["vocabulary"].push_back(sides.second().size());
  json["groups"] = Json::array();
  for (const SimilarityScore& score : result.groups) {
    Json group = {{"name", score.name}};
    put_score(group, score);
    json["groups"].push_back(std::move(group));
  }
  return json;
}

int run(const SimilarityCommandOptions& o, Session& session) {
  if (session.arguments.size() == 0) session.arguments.require({"VECTORS"});
  if (!is_one_language(session.arguments)) require_space(session.arguments);
  const std::string& file = only_file(o.data, "pairs of words with a score");
  std::vector<std::string> files = session.arguments.values;
  files.push_back(file);
  check_single_stdin(files);
  const auto pairs = read_similarity(file);
  const Sides sides = read_sides(o, session);
  SimilarityOptions options = o.similarity;
  options.case_policy = o.data.case_policy;
  options.seed = session.common.seed;
  const SimilarityResult result =
      evaluate_similarity(sides.first(), sides.second(), pairs, options);
  const bool exact = options.case_policy == CasePolicy::exact;
  report_coverage(file, "pair", result.all.covered, result.all.total,
                  exact && result.all.covered < result.all.total ? count_lower(pairs, sides) : 0,
                  session);
  if (!std::isnan(result.all.harmonic_mean))
    warn_of_few(file, result.all.covered, "pair", "pairs", session);
  warn_of_undefined(file, pairs, result, options.oov, session);
  if (!sides.unmapped.empty())
    warn_if_unrelated(sides.first().vectors, sides.second().vectors,
                      known_pairs(pairs, sides, options.case_policy), sides.unmapped, session);
  session.terminal.release();
  print_result(
      o.style, [&] { return text_of(result, o); }, [&] { return tsv_of(result); },
      [&] { return json_of(result, o, sides); });
  return kDone;
}

}  // namespace

void add_eval_similarity(Program& program) {
  program.add<SimilarityCommandOptions>("eval similarity", define, run);
}

}  // namespace xalign::cli
