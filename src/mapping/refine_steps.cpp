#include "mapping/refine_steps.h"

#include "mapping/training_rows.h"

#include <xalign/error.h>
#include <xalign/held_out.h>

#include <fmt/format.h>

#include <cmath>

namespace xalign {
namespace {

void check_map(const char* name, const Matrix& map, Eigen::Index dimension, Eigen::Index columns) {
  if (map.rows() != dimension || map.cols() != columns || columns == 0)
    throw Error(ErrorKind::data, name, fmt::format("a map of {} x {}", map.rows(), map.cols()),
                fmt::format("{} rows, and as many columns as that of the other side", dimension));
}

}  // namespace

void check_maps(ConstRows source, ConstRows target, const MapPair& maps) {
  check_map("maps.source", maps.source, source.cols(), maps.target.cols());
  check_map("maps.target", maps.target, target.cols(), maps.source.cols());
}

void check_refinement(ConstRows source, ConstRows target, const MapPair& start,
                      std::span<const WordPair> pairs, const EarlyStop& stop) {
  validate_pairs(pairs, source.rows(), target.rows());
  if (!stop.held_out.empty()) validate_pairs(stop.held_out, source.rows(), target.rows());
  if (stop.every < 1)
    throw Error(ErrorKind::config, "every", fmt::format("{}", stop.every), "1 or more");
  if (stop.patience < 1)
    throw Error(ErrorKind::config, "patience", fmt::format("{}", stop.patience), "1 or more");
  check_maps(source, target, start);
}

RefineLog::RefineLog(ConstRows source, ConstRows target, const MapPair& start,
                     const EarlyStop& stop, const RefineWatch& watch)
    : source_(source), target_(target), stop_(stop), watch_(watch), result_{start, 0, {}} {}

bool RefineLog::scores(int step) const {
  return !stop_.held_out.empty() && step % stop_.every == 0;
}

bool RefineLog::take(int step, double loss, const MapPair& maps) {
  result_.records.push_back({.step = step, .loss = loss});
  if (!scores(step)) {
    if (stop_.held_out.empty()) {
      result_.maps = maps;
      result_.steps = step;
    }
    return false;
  }
  const double score =
      score_held_out(source_, target_, maps, stop_.held_out, stop_.words).mean_reciprocal_rank();
  result_.records.back().held_out = score;
  if (score > best_) {
    best_ = score;
    result_.maps = maps;
    result_.steps = step;
    without_gain_ = 0;
    return false;
  }
  return ++without_gain_ >= stop_.patience;
}

std::vector<double> relative_weights(std::span<const WordPair> pairs) {
  double sum = 0;
  for (const WordPair& pair : pairs) sum += static_cast<double>(pair.weight);
  std::vector<double> weights;
  for (const WordPair& pair : pairs) weights.push_back(static_cast<double>(pair.weight) / sum);
  return weights;
}

}  // namespace xalign
