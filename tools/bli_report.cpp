#include "bli_report.h"

#include "evaluation.h"

#include <fmt/format.h>

#include <algorithm>

namespace xalign::cli {
namespace {

struct Metric {
  std::string name;  // "p@1" or "mrr"
  const BliScore& score;
};

std::vector<Metric> metrics(const BliReport& report, const BliRetrievalResult& scored) {
  std::vector<Metric> all;
  for (std::size_t i = 0; i < scored.precision.size(); ++i)
    all.push_back({fmt::format("p@{}", report.options.ks[i]), scored.precision[i]});
  all.push_back({"mrr", scored.mrr});
  return all;
}

std::string hundredths(double rate) {
  return fmt::format("{:.2f}", 100 * rate);
}

std::string interval(const BliScore& score) {
  return fmt::format("{}-{}", hundredths(score.ci_low), hundredths(score.ci_high));
}

std::string unseen_text(const BliScore& score) {
  return score.unseen ? hundredths(*score.unseen) : "-";
}

std::uint64_t as_count(std::size_t size) {
  return static_cast<std::uint64_t>(size);
}

}  // namespace

std::size_t count_unseen(const BliQueries& queries) {
  return static_cast<std::size_t>(
      std::ranges::count_if(queries.covered, [](const BliQuery& query) { return !query.seen; }));
}

void warn_of_leak(const BliQueries& queries, Session& session) {
  if (queries.seen_pairs == 0) return;
  session.terminal.warn(fmt::format("{} of {} covered test pairs were trained on; {}",
                                    grouped(static_cast<std::uint64_t>(queries.seen_pairs)),
                                    grouped(static_cast<std::uint64_t>(queries.pairs)),
                                    count_unseen(queries) > 0
                                        ? "compare the rates of unseen queries"
                                        : "there are no unseen queries: test with other words"));
}

void warn_of_few(const std::string& dictionary, const BliQueries& queries, Session& session) {
  warn_of_few(dictionary, static_cast<Index>(queries.covered.size()), "query", "queries", session);
}

std::string bli_text(const BliReport& report) {
  const BliQueries& queries = report.queries;
  const auto covered = queries.covered.size();
  std::string out = fmt::format(
      "queries     {}, {} covered ({})\n", grouped(static_cast<std::uint64_t>(queries.total)),
      grouped(as_count(covered)), percent(static_cast<double>(covered), queries.total));
  if (queries.trained)
    out += fmt::format("unseen      {} covered queries were not trained on\n",
                       grouped(as_count(count_unseen(queries))));
  out += fmt::format("candidates  all {} target words\n\n",
                     grouped(static_cast<std::uint64_t>(report.space.target.size())));

  std::vector<std::string> names = {"<"}, columns = {"%"};
  for (const BliRetrievalResult& scored : report.result.retrievals) {
    for (const char* name : {"", "", "", ""}) names.emplace_back(name);
    names[names.size() - 4] = to_string(scored.retrieval);
    for (const char* name : {"covered", "95% interval", "all", "unseen"})
      columns.emplace_back(name);
    if (!queries.trained) {
      names.pop_back();
      columns.pop_back();
    }
  }
  Table table(names);
  table.add(columns);
  const std::size_t count = report.options.ks.size() + 1;
  for (std::size_t m = 0; m < count; ++m) {
    std::vector<std::string> row;
    for (const BliRetrievalResult& scored : report.result.retrievals) {
      const Metric metric = metrics(report, scored)[m];
      if (row.empty()) {
        row.push_back(metric.name);
        std::ranges::transform(row[0], row[0].begin(),
                               [](unsigned char c) { return std::toupper(c); });
      }
      row.push_back(hundredths(metric.score.covered));
      row.push_back(interval(metric.score));
      row.push_back(hundredths(metric.score.all));
      if (queries.trained) row.push_back(unseen_text(metric.score));
    }
    table.add(row);
  }
  out += table.text();
  out += fmt::format(
      "\nRight at k: any translation of the query is among the k best of all target words.\n"
      "covered: rate over covered queries (as MUSE and VecMap count); all: over all queries (as\n"
      "fastText counts){}.\n",
      queries.trained ? "; unseen: over covered queries that the mapping was not trained on" : "");
  return out + details_text(report, report.details);
}

std::string bli_tsv(const BliReport& report) {
  Table table({"retrieval", "metric", "covered", "all", "unseen", "ci95_low", "ci95_high"});
  for (const BliRetrievalResult& scored : report.result.retrievals)
    for (const auto& [name, score] : metrics(report, scored))
      table.add({std::string(to_string(scored.retrieval)), name, score_text(score.covered),
                 score_text(score.all), score.unseen ? score_text(*score.unseen) : "",
                 score_text(score.ci_low), score_text(score.ci_high)});
  add_details(table, report, report.details);
  return table.tsv();
}

Json bli_json(const BliReport& report) {
  const auto covered = report.queries.covered.size();
  Json json = json_result("eval-bli");
  if (report.reverse) json["reverse"] = true;
  json["queries"] = {{"total", report.queries.total},
                     {"covered", covered},
                     {"coverage", rounded(static_cast<double>(covered) / report.queries.total)}};
  if (report.queries.trained) json["queries"]["unseen"] = count_unseen(report.queries);
  const Embeddings& source = report.reverse ? report.space.target : report.space.source;
  const Embeddings& target = report.reverse ? report.space.source : report.space.target;
  json["vocabulary"] = {{"source", source.size()}, {"target", target.size()}};
  for (const BliRetrievalResult& scored : report.result.retrievals) {
    Json& rates = json["retrieval"][std::string(to_string(scored.retrieval))];
    for (const auto& [name, score] : metrics(report, scored)) {
      Json& rate = rates[name];
      rate = {{"covered", rounded(score.covered)}, {"all", rounded(score.all)}};
      if (report.queries.trained)
        rate["unseen"] = score.unseen ? Json(rounded(*score.unseen)) : Json();
      rate["ci95"] = {rounded(score.ci_low), rounded(score.ci_high)};
    }
  }
  add_details(json, report, report.details);
  return json;
}

std::string bli_per_word(const BliReport& report) {
  Table table({"source", "retrieval", "gold_rank", "position", "candidate", "score", "gold"});
  for (const BliRetrievalResult& scored : report.result.retrievals) {
    for (std::size_t q = 0; q < report.queries.covered.size(); ++q) {
      const BliQuery& query = report.queries.covered[q];
      const auto row = static_cast<Eigen::Index>(q);
      for (Eigen::Index i = 0; i < scored.candidates.k(); ++i) {
        const Index candidate = scored.candidates.index(row, i);
        if (candidate < 0) break;
        const bool gold = std::ranges::find(query.gold, candidate) != query.gold.end();
        table.add({tsv_field(report.space.source.words[query.source]),
                   std::string(to_string(scored.retrieval)), std::to_string(scored.ranks[q]),
                   std::to_string(i + 1), tsv_field(report.space.target.words[candidate]),
                   score_text(scored.candidates.score(row, i)), gold ? "1" : "0"});
      }
    }
  }
  return table.tsv();
}

}  // namespace xalign::cli
