#include "retrieval/gold_ranks.h"
#include "retrieval/log_sum_exp.h"
#include "retrieval/score_parts.h"

#include <xalign/error.h>
#include <xalign/retrieval.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace xalign {
namespace {

constexpr std::array kNames = {"nn", "csls", "isf", "rerank"};

Eigen::Index neighbor_count(ConstRows rows, const RetrievalOptions& options) {
  return options.csls_vocab > 0 ? std::min<Eigen::Index>(options.csls_vocab, rows.rows())
                                : rows.rows();
}

}  // namespace

std::vector<float> row_means(const TopkLists& lists, int k) {
  std::vector<float> means(static_cast<std::size_t>(lists.rows()));
  for (Eigen::Index i = 0; i < lists.rows(); ++i) {
    double sum = 0;
    Eigen::Index found = 0;
    while (found < k && found < lists.k() && lists.index(i, found) >= 0)
      sum += lists.score(i, found++);
    means[static_cast<std::size_t>(i)] =
        found == 0 ? 0 : static_cast<float>(sum / static_cast<double>(found));
  }
  return means;
}

std::vector<float> csls_terms(std::vector<float> means) {
  for (float& mean : means) mean /= -2;
  return means;
}

std::vector<float> target_terms(ConstRows source, ConstRows target,
                                const RetrievalOptions& options) {
  switch (options.retrieval) {
    case Retrieval::nn:
      return {};
    case Retrieval::csls:
      return csls_terms(neighborhood_means(target, source.topRows(neighbor_count(source, options)),
                                           options.csls_k, options.isa, options.progress));
    case Retrieval::rerank:
      break;
    case Retrieval::isf: {
      auto terms = log_sum_exp(target, source, options.isf_beta);
      for (float& value : terms) value /= -static_cast<float>(options.isf_beta);
      return terms;
    }
  }
  return {};
}

float score_scale(const RetrievalOptions& options) {
  switch (options.retrieval) {
    case Retrieval::nn:
      return 1;
    case Retrieval::csls:
      return 2;
    case Retrieval::isf:
      return static_cast<float>(options.isf_beta);
    case Retrieval::rerank:
      break;
  }
  return 1;
}

std::vector<float> query_terms(ConstRows queries, ConstRows target,
                               const RetrievalOptions& options) {
  if (options.retrieval != Retrieval::csls) return {};
  return csls_terms(neighborhood_means(queries, target.topRows(neighbor_count(target, options)),
                                       options.csls_k, options.isa));
}

std::string_view to_string(Retrieval retrieval) {
  return kNames[static_cast<std::size_t>(retrieval)];
}

Retrieval parse_retrieval(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (name == kNames[i] && static_cast<Retrieval>(i) != Retrieval::rerank)
      return static_cast<Retrieval>(i);
  throw Error(ErrorKind::config, "retrieval", fmt::format("unknown retrieval '{}'", name),
              "nn, csls or isf");
}

void RetrievalOptions::validate() const {
  if (retrieval == Retrieval::rerank)
    throw Error(ErrorKind::config, "retrieval", "rerank", "nn, csls or isf",
                "a Reranker ranks by itself");
  if (csls_k < 1 || csls_k > kMaxTopk)
    throw Error(ErrorKind::config, "csls_k", fmt::format("{}", csls_k),
                fmt::format("1 to {}", kMaxTopk));
  if (csls_vocab < 0)
    throw Error(ErrorKind::config, "csls_vocab", fmt::format("{}", csls_vocab),
                "0 (all words) or a number of words");
  if (!(isf_beta > 0) || isf_beta > 1000)
    throw Error(ErrorKind::config, "isf_beta", fmt::format("{}", isf_beta),
                "a number above 0, at most 1000");
}

std::vector<float> neighborhood_means(ConstRows rows, ConstRows others, int k,
                                      const std::string& isa, const Progress& progress) {
  return row_means(find_topk(rows, others, {.row_k = k, .isa = isa, .progress = progress}).rows, k);
}

ScoreTerms score_terms(ConstRows source, ConstRows target, const RetrievalOptions& options) {
  options.validate();
  ScoreTerms terms;
  terms.scale = score_scale(options);
  if (options.retrieval != Retrieval::csls || options.csls_vocab > 0) {
    terms.target = target_terms(source, target, options);
    if (options.retrieval == Retrieval::csls) terms.source = target_terms(target, source, options);
    return terms;
  }
  const TopkResult neighbors = find_topk(source, target,
                                         {.row_k = options.csls_k,
                                          .column_k = options.csls_k,
                                          .isa = options.isa,
                                          .progress = options.progress});
  terms.source = csls_terms(row_means(neighbors.rows, options.csls_k));
  terms.target = csls_terms(row_means(neighbors.columns, options.csls_k));
  return terms;
}

Ranker::Ranker(ConstRows source, ConstRows target, const RetrievalOptions& options)
    : target_(target), options_(options) {
  options.validate();
  terms_.scale = score_scale(options);
  terms_.target = xalign::target_terms(source, target, options);
}

Ranker::Ranker(ConstRows target, std::span<const float> target_means,
               const RetrievalOptions& options)
    : target_(target), options_(options) {
  options.validate();
  terms_.scale = score_scale(options);
  terms_.target = csls_terms({target_means.begin(), target_means.end()});
}

TopkLists Ranker::rank(ConstRows queries, int k) const {
  TopkLists lists = find_topk(queries, target_,
                              {.row_k = k,
                               .row_terms = query_terms(queries, target_, options_),
                               .column_terms = terms_.target,
                               .isa = options_.isa})
                        .rows;
  lists.score *= terms_.scale;
  return lists;
}

std::vector<Index> Ranker::gold_ranks(ConstRows queries, std::span<const std::vector<Index>> gold,
                                      const TopkLists& lists) const {
  return find_gold_ranks(queries, make_row_blocks(target_), terms_.target, gold, lists);
}

}  // namespace xalign
