#include "linalg/product.h"
#include "mapping/induced_pairs.h"
#include "mapping/mapped_rows.h"
#include "mapping/transport_plan.h"

#include <xalign/consistency.h>
#include <xalign/csls.h>
#include <xalign/distribution.h>
#include <xalign/error.h>
#include <xalign/linear_maps.h>
#include <xalign/normalize.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace xalign {
namespace {

constexpr double kStartRidge = 1;
constexpr double kRoundRidge = 0.3;
constexpr int kRounds = 5;

/// Largest entry of each row.
std::vector<Index> best_of_rows(const Matrix& scores) {
  std::vector<Index> best(static_cast<std::size_t>(scores.rows()));
  for (Eigen::Index i = 0; i < scores.rows(); ++i) {
    Eigen::Index j = 0;
    scores.row(i).maxCoeff(&j);
    best[static_cast<std::size_t>(i)] = static_cast<Index>(j);
  }
  return best;
}

std::vector<WordPair> mutual_best(const Matrix& plan) {
  const std::vector<Index> targets = best_of_rows(plan);
  const std::vector<Index> sources = best_of_rows(Matrix(plan.transpose()));
  std::vector<WordPair> pairs;
  for (std::size_t i = 0; i < targets.size(); ++i)
    if (sources[static_cast<std::size_t>(targets[i])] == static_cast<Index>(i))
      pairs.push_back({static_cast<Index>(i), targets[i], 1});
  return pairs;
}

/// Rows of (X X')^1/2, each sorted, normalised again; the longest `columns` of them.
Matrix signatures(ConstRows rows, Eigen::Index columns) {
  const Matrix even = even_rows(rows);
  Matrix sorted = multiply(even, Matrix(even.transpose()));
  for (Eigen::Index i = 0; i < sorted.rows(); ++i)
    std::sort(sorted.row(i).data(), sorted.row(i).data() + sorted.cols(), std::greater<>());
  Matrix cut = sorted.leftCols(columns);
  Normalizer::fit(parse_normalize_recipe("unit,center,unit"), cut);
  return cut;
}

std::vector<WordPair> mutual_by_csls(ConstRows source, ConstRows target) {
  return induce_pairs(find_csls(source, target), Matching::mutual);
}

}  // namespace

void DistributionStart::validate() const {
  const auto require = [](bool good, const char* field, double found, const char* expected) {
    if (!good) throw Error(ErrorKind::config, field, fmt::format("{}", found), expected);
  };
  require(words >= 2 && words <= 10000, "words", words, "2 to 10000");
  require(rank_spread > 0, "rank_spread", rank_spread, "a positive number");
  require(first_temperature > 0 && std::isfinite(first_temperature), "first_temperature",
          first_temperature, "a positive number");
  require(last_temperature >= 0.01 && last_temperature <= first_temperature, "last_temperature",
          last_temperature, "0.01 or more, at most first_temperature");
  require(iterations >= 1, "iterations", iterations, "1 or more");
}

std::string to_string(const DistributionStart& start) {
  if (start.match == DistributionMatch::signature) return fmt::format("signature {}", start.words);
  return fmt::format("transport {} spread={} temperature={}..{} iterations={}", start.words,
                     start.rank_spread, start.first_temperature, start.last_temperature,
                     start.iterations);
}

std::vector<WordPair> match_distributions(ConstRows source, ConstRows target,
                                          const DistributionStart& start) {
  start.validate();
  const auto first_source = first_rows(source, start.words);
  const auto first_target = first_rows(target, start.words);
  if (start.match == DistributionMatch::transport)
    return mutual_best(solve_transport(first_source, first_target, start));
  const Eigen::Index columns = std::min(first_source.rows(), first_target.rows());
  return mutual_by_csls(signatures(first_source, columns), signatures(first_target, columns));
}

std::vector<DistributionStart> recommended_distribution_starts() {
  return {{.words = 1000, .first_temperature = 2, .last_temperature = 0.2},
          {.words = 1000, .rank_spread = 0.5},
          {.words = 2000},
          {.match = DistributionMatch::signature, .words = 4000}};
}

DistributionOutcome find_distribution_pairs(ConstRows source, ConstRows target,
                                            std::span<const DistributionStart> starts, Index words,
                                            const Progress& progress) {
  if (starts.empty()) throw Error(ErrorKind::config, "starts", "none", "at least one");
  for (const DistributionStart& start : starts) start.validate();
  const auto first_source = first_rows(source, words);
  const auto first_target = first_rows(target, words);
  DistributionOutcome outcome;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    std::vector<WordPair> pairs = match_distributions(first_source, first_target, starts[i]);
    double consistency = 0;
    if (!pairs.empty()) {
      MapPair maps = solve_multistep(first_source, first_target, pairs, {.ridge = kStartRidge});
      for (int round = 0; round < kRounds; ++round) {
        pairs = mutual_by_csls(mapped_unit_rows(first_source, maps.source),
                               mapped_unit_rows(first_target, maps.target));
        maps = solve_multistep(first_source, first_target, pairs, {.ridge = kRoundRidge});
      }
      consistency = measure_consistency(first_source, first_target, maps, words).held_out;
    }
    if (outcome.pairs.empty() || consistency > outcome.consistency[outcome.best]) {
      outcome.best = i;
      outcome.pairs = std::move(pairs);
    }
    outcome.consistency.push_back(consistency);
    if (progress) progress({"match distributions", i + 1, starts.size()});
  }
  return outcome;
}

}  // namespace xalign
