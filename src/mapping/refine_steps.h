#pragma once

#include <xalign/refine.h>

#include <string_view>

namespace xalign {

/// @throws Error(data) for maps that do not fit the rows or each other
void check_maps(ConstRows source, ConstRows target, const MapPair& maps);

/// @throws Error for options of EarlyStop, pairs and maps that do not fit the rows
void check_refinement(ConstRows source, ConstRows target, const MapPair& start,
                      std::span<const WordPair> pairs, const EarlyStop& stop);

/// Keeps the records of a refinement and the best maps by held-out score.
class RefineLog {
 public:
  RefineLog(ConstRows source, ConstRows target, const MapPair& start, const EarlyStop& stop,
            const RefineWatch& watch);

  /// Whether `step` is one after which maps are scored.
  bool scores(int step) const;
  /// Records a step. True if there has been no gain for too long, or the watch says so.
  bool add(int step, double loss, const MapPair& maps) {
    const bool enough = take(step, loss, maps);
    return (watch_ && !watch_(result_.records.back())) || enough;
  }
  /// The result; without held-out pairs it holds the last maps given to `add`.
  RefineResult finish() { return std::move(result_); }

 private:
  bool take(int step, double loss, const MapPair& maps);

  Eigen::Ref<const Matrix> source_, target_;
  const EarlyStop& stop_;
  const RefineWatch& watch_;
  RefineResult result_;
  double best_ = -1;
  int without_gain_ = 0;
};

/// Weights of pairs divided by their sum.
std::vector<double> relative_weights(std::span<const WordPair> pairs);

}  // namespace xalign
