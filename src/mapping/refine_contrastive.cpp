#include "mapping/contrastive_loss.h"
#include "mapping/refine_steps.h"

#include <xalign/error.h>
#include <xalign/topk.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace xalign {
namespace {

void require(bool good, const char* option, double found, const char* expected) {
  if (!good) throw Error(ErrorKind::config, option, fmt::format("{}", found), expected);
}

}  // namespace

void ContrastiveOptions::validate() const {
  require(steps >= 0, "steps", steps, "0 or more");
  require(negatives >= 1 && negatives <= kMaxTopk, "negatives", negatives,
          "a number from 1 to 128");
  require(words >= 1, "words", words, "1 or more");
  require(refresh >= 0, "refresh", refresh, "0 or more");
  require(temperature >= 0.01 && std::isfinite(temperature), "temperature", temperature,
          "0.01 or more");
  require(rate > 0 && std::isfinite(rate), "rate", rate, "a positive number");
  require(decay > 0 && decay <= 1, "decay", decay, "above 0, at most 1");
  require(clip > 0, "clip", clip, "a positive number");
}

RefineResult refine_contrastive(ConstRows source, ConstRows target, const MapPair& start,
                                std::span<const WordPair> pairs, const ContrastiveOptions& options,
                                const EarlyStop& stop, const Progress& progress,
                                const RefineWatch& watch) {
  options.validate();
  check_refinement(source, target, start, pairs, stop);
  RefineLog log(source, target, start, stop, watch);
  MapPair maps = start;
  MatrixD source_map = start.source.cast<double>(), target_map = start.target.cast<double>();
  std::optional<ContrastiveLoss> loss;
  double rate = options.rate;
  for (int step = 0;; ++step) {
    const bool stale = options.refresh > 0 && step % options.refresh == 0 && step < options.steps;
    if (!loss || stale) loss.emplace(source, target, maps, pairs, options);
    const ContrastiveLoss::Value value = loss->at(maps);
    if (log.add(step, value.loss, maps) || step == options.steps) break;
    const double norm = std::sqrt(value.source.squaredNorm() + value.target.squaredNorm());
    if (norm == 0) break;
    const double change = rate * std::min(1.0, options.clip / norm);
    source_map -= change * value.source;
    target_map -= change * value.target;
    maps.source = source_map.cast<float>();
    maps.target = target_map.cast<float>();
    rate *= options.decay;
    if (progress)
      progress({"refine the maps", static_cast<std::uint64_t>(step + 1),
                static_cast<std::uint64_t>(options.steps)});
  }
  return log.finish();
}

}  // namespace xalign
