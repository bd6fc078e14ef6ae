#include "bli_compare.h"

#include "io/text_input.h"
#include "output.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <unordered_map>

namespace xalign::cli {
namespace {

constexpr std::string_view kHeader = "source\tretrieval\tgold_rank\t";

using Fields = std::vector<std::string_view>;

Fields split(std::string_view line) {
  Fields fields;
  for (;;) {
    const std::size_t tab = std::min(line.find('\t'), line.size());
    fields.push_back(line.substr(0, tab));
    if (tab == line.size()) return fields;
    line.remove_prefix(tab + 1);
  }
}

template <class T>
bool parse_number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

/// @param score  the column of the score; behind the last where there is none
RankRecord parse(std::string_view line, std::size_t score, const std::string& where) {
  const Fields fields = split(line);
  RankRecord record;
  if (fields.size() < 3 || !parse_number(fields[2], record.rank) || record.rank < 1)
    throw Error(ErrorKind::data, where, fmt::format("'{}'", printable(line)),
                "a line as --per-word writes them", "write the file again");
  double value = 0;
  if (score < fields.size() && (!parse_number(fields[score], value) || !std::isfinite(value)))
    throw Error(ErrorKind::data, where,
                fmt::format("'{}' in the column of the score", printable(fields[score])),
                "a finite number", "write the file again");
  record.source = fields[0];
  record.retrieval = fields[1];
  return record;
}

}  // namespace

RankTable read_rank_table(const std::string& path) {
  const auto input = TextInput::open(path);
  const std::string text = input->rest();
  if (!text.starts_with(kHeader))
    throw Error(ErrorKind::data, input->name(), "not a table of `eval --per-word`",
                "that, or another mapping", "is this the right file?");
  RankTable table{input->name(), {}};
  std::size_t score = 0;
  std::uint64_t number = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (++number == 1) {
      const Fields header = split(line);
      score = static_cast<std::size_t>(std::ranges::find(header, "score") - header.begin());
    } else if (!line.empty()) {
      table.records.push_back(parse(line, score, fmt::format("{}:{}", table.name, number)));
    }
  }
  return table;
}

OtherRanks find_other_ranks(const RankTable& table, const BliQueries& queries,
                            const Vocabulary& source, const std::vector<Retrieval>& retrievals) {
  std::unordered_map<std::string, std::size_t> position;  // of queries
  for (std::size_t q = 0; q < queries.covered.size(); ++q)
    position.emplace(tsv_field(source[queries.covered[q].source]), q);
  OtherRanks other{table.name, {}};
  for (std::size_t r = 0; r < retrievals.size(); ++r)
    other.ranks.emplace_back(queries.covered.size(), 0);
  for (const RankRecord& record : table.records) {
    const auto query = position.find(record.source);
    if (query == position.end()) continue;
    for (std::size_t r = 0; r < retrievals.size(); ++r)
      if (record.retrieval == to_string(retrievals[r])) other.ranks[r][query->second] = record.rank;
  }
  return other;
}

OtherRanks ranks_of(const std::string& name, const BliResult& result) {
  OtherRanks other{name, {}};
  for (const BliRetrievalResult& scored : result.retrievals) other.ranks.push_back(scored.ranks);
  return other;
}

BliComparison compare_bli(const BliResult& result, const OtherRanks& other,
                          const std::vector<int>& ks, std::uint64_t seed) {
  BliComparison comparison;
  comparison.other = other.name;
  for (std::size_t r = 0; r < result.retrievals.size(); ++r) {
    const BliRetrievalResult& scored = result.retrievals[r];
    std::vector<std::size_t> both;
    for (std::size_t q = 0; q < scored.ranks.size(); ++q)
      if (other.ranks[r][q] > 0) both.push_back(q);
    if (both.empty()) continue;
    comparison.queries = std::max(comparison.queries, both.size());
    const auto add = [&](const std::string& metric, const std::function<double(Index)>& value) {
      std::vector<double> mine, others;
      for (const std::size_t q : both) {
        mine.push_back(value(scored.ranks[q]));
        others.push_back(value(other.ranks[r][q]));
      }
      comparison.rows.push_back(
          {scored.retrieval, metric, compare_paired(mine, others, {.seed = seed})});
    };
    for (const int k : ks)
      add(fmt::format("p@{}", k), [k](Index rank) { return rank <= k ? 1.0 : 0.0; });
    add("mrr", [](Index rank) { return 1.0 / rank; });
  }
  if (comparison.rows.empty())
    throw Error(ErrorKind::data, other.name, "none of the queries",
                "queries and ways of retrieval as here", "score both with the same dictionary");
  return comparison;
}

}  // namespace xalign::cli
