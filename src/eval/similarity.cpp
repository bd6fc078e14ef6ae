#include <xalign/correlation.h>
#include <xalign/error.h>
#include <xalign/random.h>
#include <xalign/significance.h>
#include <xalign/similarity.h>
#include <xalign/topk.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace xalign {
namespace {

/// The vector of a word or phrase, of unit length; nothing when it is not known.
std::optional<RowVector> vector_of(const Embeddings& embeddings, const std::string& word,
                                   const SimilarityOptions& options, Index& composed) {
  if (const auto row = find_word(embeddings.words, word, options.case_policy))
    return embeddings.vectors.row(*row);
  if (!options.compose || word.find(' ') == std::string::npos) return std::nullopt;
  RowVector sum = RowVector::Zero(embeddings.dimension());
  for (std::size_t begin = 0; begin < word.size();) {
    const std::size_t end = std::min(word.find(' ', begin), word.size());
    if (end > begin) {
      const auto row =
          find_word(embeddings.words, word.substr(begin, end - begin), options.case_policy);
      if (!row) return std::nullopt;
      sum += embeddings.vectors.row(*row);
    }
    begin = end + 1;
  }
  ++composed;
  return sum.normalized();
}

// Of the dot product of two unit rows in single precision.
constexpr double kRounding = 1e-6;

/// Makes cosines equal that no more than rounding tells apart, such as those of words with
/// themselves.
void join_equal(std::vector<double>& cosines) {
  std::vector<double*> order;
  for (double& cosine : cosines) order.push_back(&cosine);
  std::ranges::sort(order, {}, [](const double* cosine) { return *cosine; });
  double first = -std::numeric_limits<double>::infinity();
  for (double* cosine : order) {
    if (*cosine - first > kRounding) first = *cosine;
    *cosine = first;
  }
}

/// Judgements and cosines that are correlated with each other.
struct Sample {
  std::vector<double> gold, cosine;
};

/// The pairs of a group as the policy wants them.
Sample make_sample(std::span<const SimilarityPair> pairs, const SimilarityResult& result,
                   const std::vector<std::size_t>& members, OovPolicy policy, double mean) {
  Sample sample;
  for (const std::size_t i : members) {
    if (!result.cosines[i] && policy == OovPolicy::skip) continue;
    sample.gold.push_back(pairs[i].score);
    sample.cosine.push_back(result.cosines[i].value_or(policy == OovPolicy::mean ? mean : 0));
  }
  join_equal(sample.cosine);
  return sample;
}

SimilarityScore score_of(const Sample& sample, const SimilarityOptions& options) {
  SimilarityScore score;
  score.spearman = spearman(sample.gold, sample.cosine);
  score.pearson = pearson(sample.gold, sample.cosine);
  const double none = std::numeric_limits<double>::quiet_NaN();
  const bool defined = !std::isnan(score.spearman) && !std::isnan(score.pearson);
  if (!defined)
    score.harmonic_mean = none;
  else if (score.spearman > 0 && score.pearson > 0)
    score.harmonic_mean = 2 * score.spearman * score.pearson / (score.spearman + score.pearson);
  Random random(options.seed);
  std::vector<double> rhos, rs;
  Sample drawn = sample;
  for (int i = 0; i < options.resamples && !sample.gold.empty(); ++i) {
    for (std::size_t j = 0; j < sample.gold.size(); ++j) {
      const auto from = random.below(sample.gold.size());
      drawn.gold[j] = sample.gold[from];
      drawn.cosine[j] = sample.cosine[from];
    }
    rhos.push_back(spearman(drawn.gold, drawn.cosine));
    rs.push_back(pearson(drawn.gold, drawn.cosine));
  }
  score.spearman_ci95 = percentile_interval(std::move(rhos));
  score.pearson_ci95 = percentile_interval(std::move(rs));
  if (!defined) score.spearman_ci95 = score.pearson_ci95 = {none, none};
  return score;
}

}  // namespace

void SimilarityOptions::validate() const {
  if (resamples < 0)
    throw Error(ErrorKind::config, "resamples", fmt::format("{}", resamples), "0 or more");
}

SimilarityResult evaluate_similarity(const Embeddings& first, const Embeddings& second,
                                     std::span<const SimilarityPair> pairs,
                                     const SimilarityOptions& options) {
  options.validate();
  if (first.dimension() != second.dimension())
    throw Error(ErrorKind::data, "second", fmt::format("{} dimensions", second.dimension()),
                fmt::format("{} as in first", first.dimension()));
  SimilarityResult result;
  std::vector<std::string> names;
  std::map<std::string, std::vector<std::size_t>> groups;
  std::vector<std::size_t> everything;
  double sum = 0;
  Index covered = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    everything.push_back(i);
    auto& members = groups[pairs[i].group];
    if (members.empty()) names.push_back(pairs[i].group);
    members.push_back(i);
    const auto a = vector_of(first, pairs[i].first, options, result.composed);
    const auto b = vector_of(second, pairs[i].second, options, result.composed);
    result.cosines.emplace_back();
    if (!a || !b) continue;
    result.cosines.back() = exact_dot(a->data(), b->data(), a->size());
    sum += *result.cosines.back();
    ++covered;
  }
  const auto score = [&](const std::string& name, const std::vector<std::size_t>& members) {
    SimilarityScore one =
        score_of(make_sample(pairs, result, members, options.oov, covered == 0 ? 0 : sum / covered),
                 options);
    one.name = name;
    one.total = static_cast<Index>(members.size());
    one.covered = static_cast<Index>(std::count_if(
        members.begin(), members.end(), [&](std::size_t i) { return bool{result.cosines[i]}; }));
    return one;
  };
  result.all = score("all", everything);
  if (names.size() > 1)
    for (const std::string& name : names) result.groups.push_back(score(name, groups[name]));
  return result;
}

}  // namespace xalign
