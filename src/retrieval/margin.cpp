#include <xalign/error.h>
#include <xalign/margin.h>
#include <xalign/retrieval.h>
#include <xalign/topk.h>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace xalign {
namespace {

constexpr float kLeastMean = 1e-6f;  // a ratio to nothing has no meaning

MarginMatches best_of(const TopkLists& lists) {
  MarginMatches matches;
  for (Eigen::Index i = 0; i < lists.rows(); ++i) {
    matches.target.push_back(lists.index(i, 0));
    matches.margin.push_back(lists.score(i, 0));
  }
  return matches;
}

/// Maximises c / ((r(x) + r(z)) / 2) by Dinkelbach's method (1967): the z with the largest
/// c - lambda (r(x) + r(z)) / 2, lambda being the best ratio so far, is a better one or proves that
/// there is none. With r(z) as one more column that is a search for dot products.
class RatioSearch {
 public:
  RatioSearch(ConstRows source, ConstRows target, std::vector<float> source_means,
              std::vector<float> target_means, const MarginOptions& options)
      : source_(source),
        target_(target.rows(), target.cols() + 1),
        source_means_(std::move(source_means)),
        target_means_(std::move(target_means)),
        options_(options) {
    for (auto* means : {&source_means_, &target_means_})
      for (float& mean : *means) mean = std::max(mean, kLeastMean);
    target_.leftCols(target.cols()) = target;
    target_.rightCols(1) = Eigen::Map<const Eigen::VectorXf>(target_means_.data(), target.rows());
  }

  /// @param start  any target of every source row, a near one at best
  MarginMatches run(const std::vector<Index>& start) const {
    MarginMatches best{start, {}};
    for (std::size_t i = 0; i < start.size(); ++i) best.margin.push_back(ratio(i, start[i]));
    std::vector<std::size_t> active(start.size());
    std::iota(active.begin(), active.end(), std::size_t{0});
    while (!active.empty()) {
      Matrix queries(static_cast<Eigen::Index>(active.size()), target_.cols());
      for (std::size_t a = 0; a < active.size(); ++a) {
        auto query = queries.row(static_cast<Eigen::Index>(a));
        query.head(source_.cols()) = source_.row(static_cast<Eigen::Index>(active[a]));
        query(source_.cols()) = static_cast<float>(-best.margin[active[a]] / 2);
      }
      const TopkLists found =
          find_topk(queries, target_,
                    {.row_k = 1, .isa = options_.isa, .progress = options_.progress})
              .rows;
      std::vector<std::size_t> improved;
      for (std::size_t a = 0; a < active.size(); ++a) {
        const std::size_t i = active[a];
        const Index target = found.index(static_cast<Eigen::Index>(a), 0);
        const double margin = ratio(i, target);
        const bool better = margin > best.margin[i];
        if (!better && !(margin == best.margin[i] && target < best.target[i])) continue;
        best.target[i] = target;
        best.margin[i] = margin;
        if (better) improved.push_back(i);
      }
      active = std::move(improved);
    }
    return best;
  }

 private:
  double ratio(std::size_t source, Index target) const {
    const double cosine = exact_dot(source_.row(static_cast<Eigen::Index>(source)).data(),
                                    target_.row(target).data(), source_.cols());
    return 2 * cosine /
           (static_cast<double>(source_means_[source]) +
            static_cast<double>(target_means_[static_cast<std::size_t>(target)]));
  }

  Eigen::Ref<const Matrix> source_;
  Matrix target_;  // with the means as last column
  std::vector<float> source_means_, target_means_;
  const MarginOptions& options_;
};

}  // namespace

void MarginOptions::validate() const {
  if (neighbors < 1 || neighbors > kMaxTopk)
    throw Error(ErrorKind::config, "neighbors", fmt::format("{}", neighbors),
                fmt::format("1 to {}", kMaxTopk));
}

std::vector<MarginMatches> match_by_margin(ConstRows source, ConstRows target,
                                           const std::vector<Margin>& margins,
                                           const MarginOptions& options) {
  options.validate();
  ScoreTerms terms;  // -r / 2
  if (std::any_of(margins.begin(), margins.end(), [](Margin m) { return m != Margin::absolute; }))
    terms = score_terms(source, target,
                        {.retrieval = Retrieval::csls,
                         .csls_k = options.neighbors,
                         .isa = options.isa,
                         .progress = options.progress});
  const auto search = [&](bool with_terms) {
    TopkOptions topk{.row_k = 1, .isa = options.isa, .progress = options.progress};
    if (with_terms) {
      topk.row_terms = terms.source;
      topk.column_terms = terms.target;
    }
    return best_of(find_topk(source, target, topk).rows);
  };
  std::vector<MarginMatches> results;
  for (const Margin margin : margins) {
    if (margin != Margin::ratio) {
      results.push_back(search(margin == Margin::distance));
      continue;
    }
    auto means = [](std::vector<float> halves) {
      for (float& value : halves) value *= -2;
      return halves;
    };
    // What is best by distance is nearly always best by ratio.
    const RatioSearch ratio(source, target, means(terms.source), means(terms.target), options);
    results.push_back(ratio.run(search(true).target));
  }
  return results;
}

}  // namespace xalign
