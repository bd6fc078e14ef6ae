#include "report_page.h"

#include "report_template.h"

#include <xalign/projection.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <span>
#include <vector>

namespace xalign::cli {
namespace {

constexpr std::size_t kCandidates = 5;  // shown per query
constexpr std::size_t kHubs = 25;
constexpr std::size_t kVictims = 8;  // shown per hub
constexpr std::size_t kBins = 24;
constexpr Index kPlaneWords = 5000;  // of each side, that the plane is fitted on

const BliRetrievalResult& csls_of(const BliReport& bli) {
  return *std::ranges::find(bli.result.retrievals, Retrieval::csls, &BliRetrievalResult::retrieval);
}

std::string word_of(const Embeddings& side, Index word) {
  return std::string(side.words[word]);
}

Json queries_json(const BliReport& bli) {
  const BliRetrievalResult& scored = csls_of(bli);
  Json all = Json::array();
  for (std::size_t q = 0; q < bli.queries.covered.size(); ++q) {
    const BliQuery& query = bli.queries.covered[q];
    Json gold = Json::array(), candidates = Json::array();
    for (const Index word : query.gold) gold.push_back(word_of(bli.space.target, word));
    for (std::size_t i = 0; i < kCandidates; ++i) {
      const auto row = static_cast<Eigen::Index>(q), at = static_cast<Eigen::Index>(i);
      const Index word = scored.candidates.index(row, at);
      if (word < 0) break;
      candidates.push_back({word_of(bli.space.target, word),
                            rounded(scored.candidates.score(row, at)),
                            std::ranges::find(query.gold, word) != query.gold.end() ? 1 : 0});
    }
    all.push_back({{"w", word_of(bli.space.source, query.source)},
                   {"g", std::move(gold)},
                   {"r", scored.ranks[q]},
                   {"c", std::move(candidates)}});
  }
  return all;
}

/// Scores of the best candidates, right ones and wrong ones.
Json histogram_json(const BliReport& bli) {
  const BliRetrievalResult& scored = csls_of(bli);
  std::vector<double> values;
  for (Eigen::Index q = 0; q < scored.candidates.rows(); ++q)
    values.push_back(scored.candidates.score(q, 0));
  const auto [low, high] = std::ranges::minmax(values);
  const double width = std::max((high - low) / static_cast<double>(kBins), 1e-6);
  std::vector<Index> right(kBins, 0), wrong(kBins, 0);
  double right_sum = 0, wrong_sum = 0, right_count = 0, wrong_count = 0;
  for (std::size_t q = 0; q < values.size(); ++q) {
    const bool is_right = scored.ranks[q] == 1;
    const auto bin = std::min(kBins - 1, static_cast<std::size_t>((values[q] - low) / width));
    ++(is_right ? right : wrong)[bin];
    (is_right ? right_sum : wrong_sum) += values[q];
    ++(is_right ? right_count : wrong_count);
  }
  Json edges = Json::array();
  for (std::size_t bin = 0; bin <= kBins; ++bin)
    edges.push_back(rounded(low + width * static_cast<double>(bin)));
  return {{"edges", std::move(edges)},
          {"right", right},
          {"wrong", wrong},
          {"right_mean", rounded(right_sum / std::max(right_count, 1.0))},
          {"wrong_mean", rounded(wrong_sum / std::max(wrong_count, 1.0))}};
}

/// Test pairs, evenly spaced in the dictionary, in the plane of the first principal components.
Json points_json(const BliReport& bli, Index links) {
  const Space& space = bli.space;
  const auto head = [](const Embeddings& side) {
    return side.vectors.topRows(std::min<Eigen::Index>(side.vectors.rows(), kPlaneWords));
  };
  Matrix rows(head(space.source).rows() + head(space.target).rows(), space.source.dimension());
  rows << head(space.source), head(space.target);
  const Projection plane = fit_projection(rows, 2);
  Json source = Json::array(), target = Json::array();
  const auto& covered = bli.queries.covered;
  const auto count = std::min(static_cast<std::size_t>(links), covered.size());
  for (std::size_t i = 0; i < count; ++i) {
    const BliQuery& query = covered[i * covered.size() / count];
    const auto put = [&](Json& out, const Embeddings& side, Index word) {
      const Matrix at = plane.apply(side.vectors.row(word));
      out.push_back({word_of(side, word), rounded(at(0, 0)), rounded(at(0, at.cols() - 1))});
    };
    put(source, space.source, query.source);
    put(target, space.target, query.gold.front());
  }
  return {{"source", std::move(source)}, {"target", std::move(target)}};
}

Json hubs_json(const BliReport& bli) {
  const BliRetrievalResult& scored = csls_of(bli);
  const auto place = static_cast<std::size_t>(&scored - bli.result.retrievals.data());
  const HubVictims& hubs = bli.details.hubs[place];
  std::map<Index, std::vector<Index>> given;  // wrong answers and the words they were given for
  for (std::size_t q = 0; q < scored.ranks.size(); ++q)
    if (scored.ranks[q] > 1)
      given[scored.candidates.index(static_cast<Eigen::Index>(q), 0)].push_back(
          bli.queries.covered[q].source);
  // Those that did harm come first, the largest of each kind before the others.
  std::vector<std::size_t> order(hubs.hubs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_partition(order, [&](std::size_t h) { return given.contains(hubs.hubs[h]); });
  order.resize(std::min(kHubs, order.size()));
  Json all = Json::array();
  for (const std::size_t h : order) {
    Json victims = Json::array();
    if (const auto found = given.find(hubs.hubs[h]); found != given.end())
      for (const Index word :
           std::span(found->second).first(std::min(kVictims, found->second.size())))
        victims.push_back(word_of(bli.space.source, word));
    all.push_back({word_of(bli.space.target, hubs.hubs[h]), hubs.counts[h], std::move(victims)});
  }
  return all;
}

Json lexicon_json(const ReportContent& content) {
  const Space& space = content.bli.space;
  Json all = Json::array();
  const Index count =
      content.lexicon == 0 ? space.source.size() : std::min(content.lexicon, space.source.size());
  for (Index word = 0; word < count; ++word) {
    const Index best = content.best.rows.index(word, 0);
    if (best < 0) continue;
    all.push_back({word_of(space.source, word), word_of(space.target, best),
                   rounded(content.best.rows.score(word, 0)),
                   content.best.columns.index(best, 0) == word ? 1 : 0});
  }
  return all;
}

/// JSON that may stand in a script element: nothing in it can end the element or begin another.
std::string script_safe(const Json& json) {
  std::string safe;
  for (const char c : json.dump(-1, ' ', false, Json::error_handler_t::replace)) {
    switch (c) {
      case '<':
        safe += "\\u003c";
        break;
      case '>':
        safe += "\\u003e";
        break;
      case '&':
        safe += "\\u0026";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

/// The text in front of a mark; what is left over begins behind it.
std::string_view take_until(std::string_view& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  const std::string_view before = text.substr(0, at);
  text.remove_prefix(std::min(text.size(), at + mark.size()));
  return before;
}

}  // namespace

std::string report_page(const ReportContent& content) {
  Json data;
  data["title"] = content.title;
  data["subtitle"] = content.subtitle;
  data["eval"] = bli_json(content.bli);
  data["histogram"] = histogram_json(content.bli);
  data["points"] = points_json(content.bli, content.links);
  data["hubs"] = hubs_json(content.bli);
  data["queries"] = queries_json(content.bli);
  data["lexicon"] = lexicon_json(content);
  data["facts"] = Json::array();
  for (const auto& [name, value] : content.facts) data["facts"].push_back({name, value});

  std::string page;
  std::string_view rest = kReportHtml;
  page += take_until(rest, "@STYLE@");
  page += kReportCss;
  page += take_until(rest, "@DATA@");
  page += script_safe(data);
  page += take_until(rest, "@SCRIPT@");
  page += kReportJs;
  page += rest;
  return page;
}

}  // namespace xalign::cli
