#include "bli_compare.h"

#include "core/names.h"
#include "io/text_input.h"
#include "output.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <utility>

namespace xalign::cli {
namespace {

constexpr std::string_view kHeader = "source\tretrieval\tgold_rank\t";
constexpr std::array kRetrievals = {Retrieval::nn, Retrieval::csls, Retrieval::isf,
                                    Retrieval::rerank};

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

/// The places of the columns that may be absent; then they are behind the last.
struct Columns {
  std::size_t count, position, score, gold;

  explicit Columns(const Fields& header)
      : count(header.size()),
        position(place(header, "position")),
        score(place(header, "score")),
        gold(place(header, "gold")) {}

 private:
  static std::size_t place(const Fields& header, std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(header, name) - header.begin());
  }
};

Error damaged(const std::string& where, const std::string& found, const std::string& expected) {
  return Error(ErrorKind::data, where, found, expected, "write the file again");
}

Index parse_count(std::string_view text, const char* what, const std::string& where) {
  Index count = 0;
  if (parse_number(text, count) && count >= 1) return count;
  throw damaged(where, fmt::format("'{}' in the column of the {}", printable(text), what),
                "a whole number from 1");
}

Retrieval retrieval_of(std::string_view name, const std::string& where) {
  std::vector<std::string_view> names;
  for (const Retrieval retrieval : kRetrievals) {
    if (name == to_string(retrieval)) return retrieval;
    names.push_back(to_string(retrieval));
  }
  throw damaged(where, fmt::format("'{}' in the column of the retrieval", printable(name)),
                list_names(names));
}

/// Reads lines and holds them against those before.
class LineReader {
 public:
  explicit LineReader(std::string_view header) : columns_(split(header)) {}

  /// @param number  of the line, from 1
  RankRecord read(std::string_view line, std::uint64_t number, const std::string& where) {
    const Fields fields = split(line);
    if (fields.size() != columns_.count)
      throw damaged(where, counted(fields.size(), "column"),
                    fmt::format("{} as in the first line", columns_.count));
    const Retrieval retrieval = retrieval_of(fields[1], where);
    const Index rank = parse_count(fields[2], "gold rank", where);
    double score = 0;
    if (columns_.score < fields.size() &&
        (!parse_number(fields[columns_.score], score) || !std::isfinite(score)))
      throw damaged(
          where, fmt::format("'{}' in the column of the score", printable(fields[columns_.score])),
          "a finite number");
    const std::optional<bool> gold = gold_of(fields, where);
    const std::optional<Index> position = position_of(fields, where);
    if (gold && position) check_gold(*gold, *position, rank, where);
    check_rank(fields, rank, number, where);
    if (position) check_position(line, fields, *position, number, where);
    return {std::string(fields[0]), retrieval, rank};
  }

 private:
  std::optional<bool> gold_of(const Fields& fields, const std::string& where) const {
    if (columns_.gold == fields.size()) return std::nullopt;
    const std::string_view gold = fields[columns_.gold];
    if (gold != "0" && gold != "1")
      throw damaged(where, fmt::format("'{}' in the column of gold", printable(gold)), "0 or 1");
    return gold == "1";
  }

  std::optional<Index> position_of(const Fields& fields, const std::string& where) const {
    if (columns_.position == fields.size()) return std::nullopt;
    return parse_count(fields[columns_.position], "position", where);
  }

  /// The rank is the position of the first candidate that is gold.
  static void check_gold(bool gold, Index position, Index rank, const std::string& where) {
    if (gold && position < rank)
      throw damaged(where,
                    fmt::format("gold at position {}, and a gold rank of {}", position, rank),
                    "the position of the first that is gold");
    if (!gold && position == rank)
      throw damaged(where, fmt::format("a gold rank of {}, and no gold there", rank),
                    "the position of the first that is gold");
  }

  /// A query has one rank.
  void check_rank(const Fields& fields, Index rank, std::uint64_t number,
                  const std::string& where) {
    const auto [known, added] = ranks_.emplace(query_of(fields), std::pair(rank, number));
    if (!added && known->second.first != rank)
      throw damaged(
          where,
          fmt::format("a gold rank of {} for {} of '{}'", rank, fields[1], printable(fields[0])),
          fmt::format("{} as in line {}", known->second.first, known->second.second));
  }

  /// A position has one candidate.
  void check_position(std::string_view line, const Fields& fields, Index position,
                      std::uint64_t number, const std::string& where) {
    const auto [same, first] =
        lines_.emplace(fmt::format("{}\t{}", query_of(fields), position), std::pair(line, number));
    if (!first && same->second.first != line)
      throw damaged(where,
                    fmt::format("another position {} for {} of '{}' than line {}", position,
                                fields[1], printable(fields[0]), same->second.second),
                    "one candidate at every position");
  }

  static std::string query_of(const Fields& fields) {
    return fmt::format("{}\t{}", fields[0], fields[1]);
  }

  Columns columns_;
  std::unordered_map<std::string, std::pair<Index, std::uint64_t>> ranks_;
  std::unordered_map<std::string, std::pair<std::string_view, std::uint64_t>> lines_;
};

}  // namespace

RankTable read_rank_table(const std::string& path) {
  const auto input = TextInput::open(path);
  const std::string text = input->rest();
  if (!text.starts_with(kHeader))
    throw Error(ErrorKind::data, input->name(), "not a table of `eval --per-word`",
                "that, or another mapping", "is this the right file?");
  RankTable table{input->name(), {}};
  std::optional<LineReader> reader;
  std::uint64_t number = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number;
    if (!reader)
      reader.emplace(line);
    else if (!line.empty())
      table.records.push_back(reader->read(line, number, fmt::format("{}:{}", table.name, number)));
  }
  return table;
}

OtherRanks find_other_ranks(const RankTable& table, const BliQueries& queries,
                            const Vocabulary& source) {
  std::unordered_map<std::string, std::size_t> position;  // of queries
  for (std::size_t q = 0; q < queries.covered.size(); ++q)
    position.emplace(tsv_field(source[queries.covered[q].source]), q);
  OtherRanks other{table.name, {}};
  for (const RankRecord& record : table.records) {
    const auto query = position.find(record.source);
    if (query == position.end()) continue;
    std::vector<Index>& ranks = other.ranks[record.retrieval];
    ranks.resize(queries.covered.size(), 0);
    ranks[query->second] = record.rank;
  }
  return other;
}

OtherRanks ranks_of(const std::string& name, const BliResult& result) {
  OtherRanks other{name, {}};
  for (const BliRetrievalResult& scored : result.retrievals)
    other.ranks[scored.retrieval] = scored.ranks;
  return other;
}

std::vector<Retrieval> find_missing(const OtherRanks& other, const std::vector<Retrieval>& asked) {
  std::vector<Retrieval> missing;
  std::ranges::copy_if(asked, std::back_inserter(missing),
                       [&](Retrieval retrieval) { return !other.ranks.contains(retrieval); });
  if (missing.size() == asked.size())
    throw Error(ErrorKind::data, other.name, "none of the queries",
                "queries and ways of retrieval as here", "score both with the same dictionary");
  return missing;
}

BliComparison compare_bli(const BliResult& result, const OtherRanks& other,
                          const std::vector<int>& ks, std::uint64_t seed) {
  BliComparison comparison;
  comparison.other = other.name;
  for (const BliRetrievalResult& scored : result.retrievals) {
    const auto known = other.ranks.find(scored.retrieval);
    if (known == other.ranks.end()) continue;
    const std::vector<Index>& ranks = known->second;
    std::vector<std::size_t> both;
    for (std::size_t q = 0; q < scored.ranks.size(); ++q)
      if (ranks[q] > 0) both.push_back(q);
    comparison.queries = std::max(comparison.queries, both.size());
    const auto add = [&](const std::string& metric, const std::function<double(Index)>& value) {
      std::vector<double> mine, others;
      for (const std::size_t q : both) {
        mine.push_back(value(scored.ranks[q]));
        others.push_back(value(ranks[q]));
      }
      comparison.rows.push_back(
          {scored.retrieval, metric, both.size(), compare_paired(mine, others, {.seed = seed})});
    };
    for (const int k : ks)
      add(fmt::format("p@{}", k), [k](Index rank) { return rank <= k ? 1.0 : 0.0; });
    add("mrr", [](Index rank) { return 1.0 / rank; });
  }
  return comparison;
}

}  // namespace xalign::cli
