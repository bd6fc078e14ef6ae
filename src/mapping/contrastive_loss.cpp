#include "mapping/contrastive_loss.h"

#include "core/parallel_for.h"
#include "linalg/topk_dispatch.h"
#include "mapping/mapped_rows.h"
#include "mapping/refine_steps.h"

#include <xalign/topk.h>

#include <algorithm>
#include <cmath>

namespace xalign {
namespace {

constexpr std::size_t kBlockTerms = 4096;
constexpr std::size_t kBlockRows = 64;

/// For some words, given by mapped rows, the nearest of the first words of the other side, the
/// partners in the pairs left out.
TopkLists find_negatives(ConstRows queries, ConstRows candidates,
                         const std::vector<std::pair<Index, Index>>& partners, int k) {
  std::vector<std::pair<Index, Index>> skip;
  for (const auto& pair : partners)
    if (pair.second < candidates.rows()) skip.push_back(pair);
  return find_topk(queries, candidates, {.row_k = k, .skip_pairs = skip}).rows;
}

void add_words(const TopkLists& lists, std::vector<Index>& words) {
  for (Eigen::Index i = 0; i < lists.index.size(); ++i)
    if (lists.index.data()[i] >= 0) words.push_back(lists.index.data()[i]);
}

}  // namespace

ContrastiveLoss::ContrastiveLoss(ConstRows source, ConstRows target, const MapPair& maps,
                                 std::span<const WordPair> pairs, const ContrastiveOptions& options)
    : weights_(relative_weights(pairs)), temperature_(options.temperature) {
  source_.words = words_of(pairs, &WordPair::source);
  target_.words = words_of(pairs, &WordPair::target);
  std::vector<std::pair<Index, Index>> of_source, of_target;
  for (const WordPair& pair : pairs) {
    of_source.emplace_back(position_of(source_.words, pair.source), pair.target);
    of_target.emplace_back(position_of(target_.words, pair.target), pair.source);
  }
  const TopkLists targets =
      find_negatives(mapped_unit_rows(source, source_.words, maps.source),
                     mapped_unit_rows(first_rows(target, options.words), maps.target), of_source,
                     options.negatives);
  const TopkLists sources =
      find_negatives(mapped_unit_rows(target, target_.words, maps.target),
                     mapped_unit_rows(first_rows(source, options.words), maps.source), of_target,
                     options.negatives);

  const std::vector<Index> source_owners = source_.words, target_owners = target_.words;
  add_words(sources, source_.words);
  add_words(targets, target_.words);
  source_.words = sorted_unique(std::move(source_.words));
  target_.words = sorted_unique(std::move(target_.words));

  const auto add = [&](Index source_word, Index target_word) {
    term_source_.push_back(position_of(source_.words, source_word));
    term_target_.push_back(position_of(target_.words, target_word));
  };
  for (const WordPair& pair : pairs) add(pair.source, pair.target);
  for (Eigen::Index i = 0; i < targets.rows(); ++i)
    for (Eigen::Index rank = 0; rank < targets.k() && targets.index(i, rank) >= 0; ++rank)
      add(source_owners[static_cast<std::size_t>(i)], targets.index(i, rank));
  target_terms_ = term_source_.size();
  for (Eigen::Index i = 0; i < sources.rows(); ++i)
    for (Eigen::Index rank = 0; rank < sources.k() && sources.index(i, rank) >= 0; ++rank)
      add(sources.index(i, rank), target_owners[static_cast<std::size_t>(i)]);

  source_.rows = source(source_.words, Eigen::all);
  target_.rows = target(target_.words, Eigen::all);
  group_terms(source_, term_source_, term_target_);
  group_terms(target_, term_target_, term_source_);
}

void ContrastiveLoss::group_terms(Side& side, const std::vector<Index>& member,
                                  const std::vector<Index>& partner) {
  side.begin.assign(side.words.size() + 1, 0);
  for (const Index word : member) ++side.begin[static_cast<std::size_t>(word) + 1];
  for (std::size_t i = 0; i < side.words.size(); ++i) side.begin[i + 1] += side.begin[i];
  std::vector<std::size_t> next(side.begin.begin(), side.begin.end() - 1);
  side.terms.resize(member.size());
  side.partners.resize(member.size());
  for (std::size_t term = 0; term < member.size(); ++term) {
    const std::size_t at = next[static_cast<std::size_t>(member[term])]++;
    side.terms[at] = static_cast<std::uint32_t>(term);
    side.partners[at] = partner[term];
  }
}

template <typename Work>
void ContrastiveLoss::for_words(const Side& side, const Matrix& partners, const Work& work) {
  const Blocks blocks{side.words.size(), kBlockRows};
  parallel_for(blocks.count(), [&](std::size_t block) {
    std::vector<float> of_terms;
    for (std::size_t i = blocks.begin(block); i < blocks.begin(block) + blocks.length(block); ++i) {
      const std::size_t begin = side.begin[i], count = side.begin[i + 1] - begin;
      of_terms.resize(count);
      work(static_cast<Eigen::Index>(i),
           RowList{partners.data(), partners.outerStride(), partners.cols(),
                   side.partners.data() + begin, static_cast<std::ptrdiff_t>(count)},
           std::span(side.terms).subspan(begin, count), of_terms);
    }
  });
}

ContrastiveLoss::Value ContrastiveLoss::at(const MapPair& maps) const {
  const auto map_side = [](const Side& side, const Matrix& map, std::vector<float>& scale) {
    Matrix mapped = multiply(side.rows, map);
    scale.resize(side.words.size());
    for (Eigen::Index i = 0; i < mapped.rows(); ++i) {
      const float length = mapped.row(i).norm();
      scale[static_cast<std::size_t>(i)] = length > 0 ? 1 / length : 0;
      mapped.row(i) *= scale[static_cast<std::size_t>(i)];
    }
    return mapped;
  };
  std::vector<float> source_scale, target_scale;
  const Matrix source = map_side(source_, maps.source, source_scale);
  const Matrix target = map_side(target_, maps.target, target_scale);

  // exp((c - 1) / T) of every term: the constant cancels, and nothing overflows.
  const std::size_t terms = term_source_.size(), pairs = weights_.size();
  std::vector<double> power(terms);
  const TopkKernels& kernels = topk_kernels();
  for_words(source_, target,
            [&](Eigen::Index word, const RowList& partners, std::span<const std::uint32_t> numbers,
                std::vector<float>& cosines) {
              kernels.dot_rows(source.row(word).data(), partners, cosines.data());
              for (std::size_t i = 0; i < numbers.size(); ++i)
                power[numbers[i]] = (static_cast<double>(cosines[i]) - 1) / temperature_;
            });
  Value value;
  for (std::size_t i = 0; i < pairs; ++i) value.loss -= weights_[i] * power[i];
  const Blocks blocks{terms, kBlockTerms};
  parallel_for(blocks.count(), [&](std::size_t block) {
    for (std::size_t i = blocks.begin(block); i < blocks.begin(block) + blocks.length(block); ++i)
      power[i] = std::exp(power[i]);
  });

  // Pairs with the same word share its negatives: their sums, then the factors they all get.
  std::vector<double> of_source(source_.words.size()), of_target(target_.words.size());
  for (std::size_t i = pairs; i < target_terms_; ++i)
    of_source[static_cast<std::size_t>(term_source_[i])] += power[i];
  for (std::size_t i = target_terms_; i < terms; ++i)
    of_target[static_cast<std::size_t>(term_target_[i])] += power[i];
  std::vector<double> factor_source(source_.words.size()), factor_target(target_.words.size());
  std::vector<float> coefficients(terms);
  for (std::size_t i = 0; i < pairs; ++i) {
    const auto a = static_cast<std::size_t>(term_source_[i]);
    const auto b = static_cast<std::size_t>(term_target_[i]);
    const double sum = power[i] + of_source[a] + of_target[b];
    value.loss += weights_[i] * std::log(sum);
    factor_source[a] += weights_[i] / sum;
    factor_target[b] += weights_[i] / sum;
    coefficients[i] = static_cast<float>(weights_[i] * (power[i] / sum - 1) / temperature_);
  }
  for (std::size_t i = pairs; i < terms; ++i) {
    const double factor = i < target_terms_
                              ? factor_source[static_cast<std::size_t>(term_source_[i])]
                              : factor_target[static_cast<std::size_t>(term_target_[i])];
    coefficients[i] = static_cast<float>(factor * power[i] / temperature_);
  }
  value.source = gradient(source_, target, source_scale, coefficients);
  value.target = gradient(target_, source, target_scale, coefficients);
  return value;
}

MatrixD ContrastiveLoss::gradient(const Side& side, const Matrix& partner_rows,
                                  const std::vector<float>& scale,
                                  const std::vector<float>& coefficients) {
  const TopkKernels& kernels = topk_kernels();
  Matrix by_row = Matrix::Zero(side.rows.rows(), partner_rows.cols());
  for_words(side, partner_rows,
            [&](Eigen::Index word, const RowList& partners, std::span<const std::uint32_t> numbers,
                std::vector<float>& factors) {
              for (std::size_t i = 0; i < numbers.size(); ++i)
                factors[i] = coefficients[numbers[i]];
              kernels.add_rows(factors.data(), partners, by_row.row(word).data());
            });
  return cross_product(side.rows, by_row, scale);
}

ContrastiveLoss::Terms ContrastiveLoss::terms() const {
  Terms terms;
  for (std::size_t i = weights_.size(); i < term_source_.size(); ++i)
    (i < target_terms_ ? terms.source_negatives : terms.target_negatives)
        .push_back({source_.words[static_cast<std::size_t>(term_source_[i])],
                    target_.words[static_cast<std::size_t>(term_target_[i])]});
  return terms;
}

}  // namespace xalign
