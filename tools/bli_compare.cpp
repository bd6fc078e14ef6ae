#include "bli_compare.h"

#include "io/text_input.h"
#include "output.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <unordered_map>

namespace xalign::cli {
namespace {

constexpr std::string_view kHeader = "source\tretrieval\tgold_rank\t";

struct Record {
  std::string_view source, retrieval;
  Index rank = 0;
};

Record parse(std::string_view line, const std::string& where) {
  Record record;
  std::string_view rank, rest = line;
  for (std::string_view* field : {&record.source, &record.retrieval, &rank}) {
    const std::size_t tab = std::min(rest.find('\t'), rest.size());
    *field = rest.substr(0, tab);
    rest.remove_prefix(std::min(tab + 1, rest.size()));
  }
  const auto [end, error] = std::from_chars(rank.data(), rank.data() + rank.size(), record.rank);
  if (error != std::errc{} || end != rank.data() + rank.size() || record.rank < 1)
    throw Error(ErrorKind::data, where, fmt::format("'{}'", printable(line)),
                "a line as --per-word writes them", "write the file again");
  return record;
}

}  // namespace

RankTable read_rank_table(const std::string& path) {
  const auto input = TextInput::open(path);
  RankTable table{input->name(), std::string(input->rest())};
  if (!table.text.starts_with(kHeader))
    throw Error(ErrorKind::data, input->name(), "not a table of `eval --per-word`",
                "that, or another mapping", "is this the right file?");
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

  std::uint64_t number = 0;
  for (std::string_view rest = table.text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (number == 1 || line.empty()) continue;
    const Record record = parse(line, fmt::format("{}:{}", table.name, number));
    const auto query = position.find(std::string(record.source));
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
