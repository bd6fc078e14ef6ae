#include "core/parallel_for.h"
#include "linalg/product.h"
#include "retrieval/log_sum_exp.h"
#include "retrieval/score_parts.h"

#include <xalign/error.h>
#include <xalign/retrieval.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace xalign {
namespace {

constexpr std::array kNames = {"nn", "csls", "isf", "rerank"};
constexpr std::size_t kQueryBlock = 128;
constexpr Eigen::Index kTargetBlock = 2048;

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
  std::vector<Index> ranks(gold.size(), 0);
  std::vector<std::size_t> missing;
  for (std::size_t q = 0; q < gold.size(); ++q) {
    const auto row = lists.index.row(static_cast<Eigen::Index>(q));
    for (Index position = 0; position < lists.k() && ranks[q] == 0; ++position)
      if (std::find(gold[q].begin(), gold[q].end(), row(position)) != gold[q].end())
        ranks[q] = position + 1;
    if (ranks[q] == 0) missing.push_back(q);
  }

  // A query whose gold is not in its list: count the targets that score better.
  const auto target_term = [&](Eigen::Index j) {
    return terms_.target.empty() ? 0.0f : terms_.target[static_cast<std::size_t>(j)];
  };
  const Blocks blocks{missing.size(), kQueryBlock};
  parallel_for(blocks.count(), [&](std::size_t block) {
    const std::span<const std::size_t> members{missing.data() + blocks.begin(block),
                                               blocks.length(block)};
    Matrix rows(static_cast<Eigen::Index>(members.size()), queries.cols());
    std::vector<float> best_gold(members.size(), -std::numeric_limits<float>::infinity());
    for (std::size_t i = 0; i < members.size(); ++i) {
      rows.row(static_cast<Eigen::Index>(i)) = queries.row(static_cast<Eigen::Index>(members[i]));
      for (const Index g : gold[members[i]])
        best_gold[i] =
            std::max(best_gold[i],
                     static_cast<float>(exact_dot(rows.row(static_cast<Eigen::Index>(i)).data(),
                                                  target_.row(g).data(), rows.cols())) +
                         target_term(g));
    }
    std::vector<Index> better(members.size(), 0);
    Matrix scores;
    for (Eigen::Index begin = 0; begin < target_.rows(); begin += kTargetBlock) {
      const Eigen::Index width = std::min(kTargetBlock, target_.rows() - begin);
      scores.resize(rows.rows(), width);
      multiply_transposed(rows, target_.middleRows(begin, width), scores);
      if (!terms_.target.empty())
        scores.rowwise() += Eigen::Map<const RowVector>(terms_.target.data() + begin, width);
      for (std::size_t i = 0; i < members.size(); ++i) {
        auto row = scores.row(static_cast<Eigen::Index>(i));
        // No gold target is better than the best one, whatever the rounding of the product.
        for (const Index g : gold[members[i]])
          if (g >= begin && g < begin + width)
            row(g - begin) = -std::numeric_limits<float>::infinity();
        better[i] += static_cast<Index>((row.array() > best_gold[i]).count());
      }
    }
    // Rounding must not lift a word into the list that it is not in.
    const auto listed = static_cast<Index>(std::min(lists.k(), target_.rows()));
    for (std::size_t i = 0; i < members.size(); ++i)
      ranks[members[i]] = std::max(better[i], listed) + 1;
  });
  return ranks;
}

}  // namespace xalign
