#include "bli_details.h"

#include "bli_report.h"
#include "evaluation.h"
#include "reliability_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace xalign::cli {
namespace {

std::string precision_name(int k) {
  return fmt::format("p@{}", k);
}

/// P@k of the first k, over the covered queries of each fold.
std::vector<double> fold_rates(const CrossValidation& folds, std::size_t retrieval) {
  std::vector<double> rates;
  for (const BliResult& fold : folds.folds)
    rates.push_back(fold.retrievals[retrieval].precision.front().covered);
  return rates;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviation_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double share(Index part, Index whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string breakdown_text(const BliReport& report, const BliDetails& details) {
  const int k = report.options.ks.front();
  std::vector<std::string> header = {"<%", "<", "queries"};
  for (const BliRetrievalResult& scored : report.result.retrievals) {
    header.push_back(fmt::format("{} P@{}", to_string(scored.retrieval), k));
    header.push_back(fmt::format("{} MRR", to_string(scored.retrieval)));
  }
  Table table(header);
  for (const BliBreakdown& breakdown : details.breakdowns)
    for (const BliGroup& group : breakdown.groups) {
      std::vector<std::string> row = {breakdown.name, tsv_field(group.name),
                                      grouped(static_cast<std::uint64_t>(group.members.size()))};
      for (const BliRetrievalResult& scored : report.result.retrievals) {
        const BliGroupScore score = score_group(group, scored, report.options.ks);
        row.push_back(rate_text(score.precision.front()));
        row.push_back(rate_text(score.mrr));
      }
      table.add(row);
    }
  return "\n" + table.text();
}

std::string hubs_text(const BliReport& report, const BliDetails& details) {
  std::string out = "\n";
  for (std::size_t r = 0; r < details.hubs.size(); ++r) {
    const HubVictims& hubs = details.hubs[r];
    out += fmt::format(
        "hubs ({}): {} targets are among the 10 best of more than {:.0f} source words; they are {} "
        "of {} wrong answers ({})\n",
        to_string(report.result.retrievals[r].retrieval), grouped(hubs.hubs.size()),
        std::floor(hubs.threshold), grouped(static_cast<std::uint64_t>(hubs.victims)),
        grouped(static_cast<std::uint64_t>(hubs.wrong)), percent(hubs.victims, hubs.wrong));
  }
  return out;
}

std::string comparison_text(const BliComparison& comparison) {
  Table table({"<%", "<", "queries", "this", "other", "difference", "95% interval", "p"});
  for (const auto& [retrieval, metric, queries, result] : comparison.rows)
    table.add({std::string(to_string(retrieval)), metric, grouped(queries), rate_text(result.first),
               rate_text(result.second), fmt::format("{:+.2f}", 100 * result.difference),
               fmt::format("{:+.2f}..{:+.2f}", 100 * result.ci_low, 100 * result.ci_high),
               fmt::format("{:.4f}", result.p_value)});
  return fmt::format(
      "\ncompared with {} on the queries that both cover\n{}difference: this - other, with a "
      "paired bootstrap interval; p: paired permutation test, two-sided\n",
      comparison.other, table.text());
}

std::string folds_text(const BliReport& report, const BliDetails& details) {
  const CrossValidation& folds = *details.folds;
  std::vector<std::string> header = {"<fold", "pairs learned", "queries"};
  for (const BliRetrievalResult& scored : report.result.retrievals)
    header.push_back(
        fmt::format("{} P@{}", to_string(scored.retrieval), report.options.ks.front()));
  Table table(header);
  for (std::size_t f = 0; f < folds.folds.size(); ++f) {
    std::vector<std::string> row = {std::to_string(f + 1),
                                    grouped(static_cast<std::uint64_t>(folds.train_pairs[f])),
                                    grouped(folds.queries[f].covered.size())};
    for (std::size_t r = 0; r < report.result.retrievals.size(); ++r)
      row.push_back(rate_text(fold_rates(folds, r)[f]));
    table.add(row);
  }
  std::vector<std::string> mean = {"mean", "", ""}, deviation = {"deviation", "", ""};
  for (std::size_t r = 0; r < report.result.retrievals.size(); ++r) {
    mean.push_back(rate_text(mean_of(fold_rates(folds, r))));
    deviation.push_back(rate_text(deviation_of(fold_rates(folds, r))));
  }
  table.add(mean);
  table.add(deviation);
  return fmt::format("\n{}-fold cross-validation of {}\n{}", folds.folds.size(),
                     details.fold_method, table.text());
}

Json scores_json(const BliGroupScore& score, const std::vector<int>& ks) {
  Json json;
  for (std::size_t i = 0; i < ks.size(); ++i)
    json[precision_name(ks[i])] = rounded(score.precision[i]);
  json["mrr"] = rounded(score.mrr);
  return json;
}

Json folds_json(const BliReport& report, const BliDetails& details) {
  const CrossValidation& folds = *details.folds;
  Json json = {{"method", details.fold_method}, {"count", folds.folds.size()}};
  json["folds"] = Json::array();
  for (std::size_t f = 0; f < folds.folds.size(); ++f) {
    Json fold = {{"train_pairs", folds.train_pairs[f]},
                 {"queries", folds.queries[f].covered.size()}};
    for (std::size_t r = 0; r < report.result.retrievals.size(); ++r)
      fold[std::string(to_string(report.result.retrievals[r].retrieval))]
          [precision_name(report.options.ks.front())] = rounded(fold_rates(folds, r)[f]);
    json["folds"].push_back(std::move(fold));
  }
  for (std::size_t r = 0; r < report.result.retrievals.size(); ++r) {
    const auto rates = fold_rates(folds, r);
    json[std::string(to_string(report.result.retrievals[r].retrieval))] = {
        {"mean", rounded(mean_of(rates))}, {"deviation", rounded(deviation_of(rates))}};
  }
  return json;
}

}  // namespace

std::string details_text(const BliReport& report, const BliDetails& details) {
  std::string out;
  if (!details.breakdowns.empty()) out += breakdown_text(report, details);
  if (!details.hubs.empty()) out += hubs_text(report, details);
  if (details.reliability)
    out += fmt::format("\nprobabilities of the reranker's best answers, %\n{}",
                       reliability_text(*details.reliability));
  if (details.comparison) out += comparison_text(*details.comparison);
  if (details.folds) out += folds_text(report, details);
  return out;
}

void add_details(Table& table, const BliReport& report, const BliDetails& details) {
  const auto add = [&](Retrieval retrieval, const std::string& metric, double value,
                       const std::string& low = "", const std::string& high = "") {
    table.add({std::string(to_string(retrieval)), metric, score_text(value), "", "", low, high});
  };
  for (std::size_t r = 0; r < report.result.retrievals.size(); ++r) {
    const BliRetrievalResult& scored = report.result.retrievals[r];
    for (const BliBreakdown& breakdown : details.breakdowns)
      for (const BliGroup& group : breakdown.groups) {
        const BliGroupScore score = score_group(group, scored, report.options.ks);
        const std::string place = fmt::format("[{}={}]", breakdown.name, tsv_field(group.name));
        for (std::size_t i = 0; i < score.precision.size(); ++i)
          add(scored.retrieval, precision_name(report.options.ks[i]) + place, score.precision[i]);
        add(scored.retrieval, "mrr" + place, score.mrr);
      }
    if (r < details.hubs.size())
      add(scored.retrieval, "hub-victims", share(details.hubs[r].victims, details.hubs[r].wrong));
    if (details.folds) {
      const auto rates = fold_rates(*details.folds, r);
      for (std::size_t f = 0; f < rates.size(); ++f)
        add(scored.retrieval,
            fmt::format("{}[fold={}]", precision_name(report.options.ks.front()), f + 1), rates[f]);
    }
  }
  if (details.reliability) {
    const ReliabilityBin trusted = details.reliability->above(8);
    add(Retrieval::rerank, "calibration-error", details.reliability->error());
    if (trusted.queries > 0) add(Retrieval::rerank, "p@1[probability>=0.8]", trusted.right);
  }
  if (!details.comparison) return;
  std::optional<Retrieval> counted_last;
  for (const auto& [retrieval, metric, queries, result] : details.comparison->rows) {
    if (counted_last != retrieval)
      table.add({std::string(to_string(retrieval)), "queries[compared]", std::to_string(queries),
                 "", "", "", ""});
    counted_last = retrieval;
    add(retrieval, metric + "[other]", result.second);
    add(retrieval, metric + "[difference]", result.difference, score_text(result.ci_low),
        score_text(result.ci_high));
    add(retrieval, metric + "[p-value]", result.p_value);
  }
}

void add_details(Json& json, const BliReport& report, const BliDetails& details) {
  for (const BliBreakdown& breakdown : details.breakdowns) {
    Json& groups = json["breakdown"][breakdown.name];
    groups = Json::array();
    for (const BliGroup& group : breakdown.groups) {
      Json entry = {{"name", group.name}, {"queries", group.members.size()}};
      for (const BliRetrievalResult& scored : report.result.retrievals)
        entry["retrieval"][std::string(to_string(scored.retrieval))] =
            scores_json(score_group(group, scored, report.options.ks), report.options.ks);
      groups.push_back(std::move(entry));
    }
  }
  for (std::size_t r = 0; r < details.hubs.size(); ++r) {
    const HubVictims& hubs = details.hubs[r];
    json["hubs"][std::string(to_string(report.result.retrievals[r].retrieval))] = {
        {"threshold", rounded(hubs.threshold)},
        {"hubs", hubs.hubs.size()},
        {"wrong", hubs.wrong},
        {"victims", hubs.victims},
        {"share", rounded(share(hubs.victims, hubs.wrong))}};
  }
  if (details.reliability) json["reliability"] = reliability_json(*details.reliability);
  if (details.comparison) {
    Json& out = json["comparison"];
    out = {{"with", details.comparison->other}, {"queries", details.comparison->queries}};
    for (const auto& [retrieval, metric, queries, result] : details.comparison->rows) {
      out["queries_by_retrieval"][std::string(to_string(retrieval))] = queries;
      out["retrieval"][std::string(to_string(retrieval))][metric] = {
          {"this", rounded(result.first)},
          {"other", rounded(result.second)},
          {"difference", rounded(result.difference)},
          {"ci95", {rounded(result.ci_low), rounded(result.ci_high)}},
          {"p_value", rounded(result.p_value)}};
    }
  }
  if (details.folds) json["cross_validation"] = folds_json(report, details);
}

}  // namespace xalign::cli
