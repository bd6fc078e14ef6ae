#include "linalg/kmeans.h"

#include <xalign/concept_alignment.h>
#include <xalign/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace xalign {
namespace {

constexpr int kWordsPerConcept = 10;

/// The concept of each of these rows, which are different rows of one language.
std::map<Index, Index> concepts_of(ConstRows rows, const std::set<Index>& words,
                                   const ConceptOptions& options) {
  const std::vector<Index> list(words.begin(), words.end());
  const int wanted =
      options.clusters > 0 ? options.clusters : static_cast<int>(list.size()) / kWordsPerConcept;
  const Matrix chosen = rows(list, Eigen::all);
  const auto found = find_clusters(
      chosen,
      {.clusters = std::clamp(wanted, 1, static_cast<int>(list.size())), .seed = options.seed});
  std::map<Index, Index> concept_of;
  for (std::size_t i = 0; i < list.size(); ++i) concept_of[list[i]] = found.assignment[i];
  return concept_of;
}

}  // namespace

void ConceptOptions::validate() const {
  const auto require = [](bool good, const char* field, double value, const char* expected) {
    if (!good) throw Error(ErrorKind::config, field, fmt::format("{}", value), expected);
  };
  require(clusters >= 0, "clusters", clusters, "a number from 0");
  require(aligned_share > 0 && aligned_share <= 1, "aligned_share", aligned_share,
          "a share above 0, at most 1");
  require(overlap_share > 0 && overlap_share <= 0.5, "overlap_share", overlap_share,
          "a share above 0, at most 0.5");
  require(min_words >= 1, "min_words", min_words, "a number from 1");
}

ConceptAlignment score_concept_alignment(ConstRows source, ConstRows target,
                                         std::span<const WordPair> pairs,
                                         const ConceptOptions& options) {
  options.validate();
  if (pairs.size() < 2 * static_cast<std::size_t>(options.min_words))
    throw Error(ErrorKind::data, "concepts", fmt::format("{} word pairs", pairs.size()),
                fmt::format("at least {}", 2 * options.min_words));
  std::map<Index, std::set<Index>> translations;
  std::set<Index> source_words, target_words;
  for (const WordPair& pair : pairs) {
    translations[pair.source].insert(pair.target);
    source_words.insert(pair.source);
    target_words.insert(pair.target);
  }
  const auto source_concept = concepts_of(source, source_words, options);
  const auto target_concept = concepts_of(target, target_words, options);

  // For every source concept: its words, and how many of them have a translation in which partner.
  std::map<Index, Index> sizes;
  std::map<Index, std::map<Index, Index>> shared;
  for (const auto& [word, number] : source_concept) {
    ++sizes[number];
    std::set<Index> partners;
    for (const Index translation : translations[word])
      partners.insert(target_concept.at(translation));
    for (const Index partner : partners) ++shared[number][partner];
  }
  ConceptAlignment result;
  for (const auto& [number, size] : sizes) {
    if (size < options.min_words) continue;
    Index best = 0;
    for (const auto& [partner, words] : shared[number]) best = std::max(best, words);
    const double share = static_cast<double>(best) / size;
    result.words += share;
    if (share >= options.aligned_share) ++result.aligned;
    ++result.concepts;
  }
  if (result.concepts > 0) {
    result.words /= result.concepts;
    result.aligned /= result.concepts;
  }
  return result;
}

ConceptOverlap score_concept_overlap(ConstRows source, ConstRows target,
                                     const ConceptOptions& options) {
  options.validate();
  Matrix both(source.rows() + target.rows(), source.cols());
  if (both.rows() == 0) return {};
  both << source, target;
  const int rows = static_cast<int>(both.rows());
  const int wanted = options.clusters > 0 ? options.clusters : rows / kWordsPerConcept;
  const auto found =
      find_clusters(both, {.clusters = std::clamp(wanted, 1, rows), .seed = options.seed});
  std::map<Index, std::pair<Index, Index>> counts;
  for (std::size_t i = 0; i < found.assignment.size(); ++i) {
    auto& [of_source, of_target] = counts[found.assignment[i]];
    ++(i < static_cast<std::size_t>(source.rows()) ? of_source : of_target);
  }
  ConceptOverlap result;
  for (const auto& [number, count] : counts) {
    const Index size = count.first + count.second;
    if (size < options.min_words) continue;
    ++result.concepts;
    if (std::min(count.first, count.second) >= options.overlap_share * size) ++result.overlapping;
  }
  if (result.concepts > 0) result.overlapping /= result.concepts;
  return result;
}

}  // namespace xalign
