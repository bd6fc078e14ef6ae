#include "linalg/decompositions.h"
#include "mapping/rcsls_loss.h"
#include "mapping/refine_steps.h"

#include <xalign/error.h>

#include <fmt/format.h>

#include <cmath>

namespace xalign {
namespace {

// A rate that has been halved down to this changes nothing any more.
constexpr double kSmallestRate = 1e-4;

/// The nearest matrix whose singular values are 1 at most.
MatrixD cut_singular_values(const MatrixD& w) {
  const Svd decomposition = svd(w, "rcsls");
  return decomposition.u * decomposition.s.cwiseMin(1).asDiagonal() * decomposition.v.transpose();
}

}  // namespace

void RcslsOptions::validate() const {
  const auto require = [](bool good, const char* option, double found, const char* expected) {
    if (!good) throw Error(ErrorKind::config, option, fmt::format("{}", found), expected);
  };
  require(iterations >= 0, "iterations", iterations, "0 or more");
  require(rate > 0 && std::isfinite(rate), "rate", rate, "a positive number");
  require(neighbors >= 1 && neighbors <= kMaxTopk, "neighbors", neighbors,
          "a number from 1 to 128");
  require(words >= 1, "words", words, "1 or more");
}

RefineResult refine_rcsls(ConstRows source, ConstRows target, const MapPair& start,
                          std::span<const WordPair> pairs, const RcslsOptions& options,
                          const EarlyStop& stop, const Progress& progress,
                          const RefineWatch& watch) {
  options.validate();
  check_refinement(source, target, start, pairs, stop);
  RefineLog log(source, target, start, stop, watch);
  RcslsLoss loss(source, target, start, pairs, options);
  const auto maps_with = [&](const MatrixD& w) {
    return MapPair{multiply(start.source, w.cast<float>()), start.target, start.rank};
  };
  MatrixD w = MatrixD::Identity(start.source.cols(), start.source.cols());
  RcslsLoss::Value value = loss.at(w);
  bool done = log.add(0, value.loss, start);
  double rate = options.rate;
  for (int step = 1; step <= options.iterations && !done && rate >= kSmallestRate; ++step) {
    MatrixD next = w - rate * value.gradient;
    if (options.spectral) next = cut_singular_values(next);
    RcslsLoss::Value there = loss.at(next);
    if (there.loss > value.loss) {
      rate /= 2;
    } else {
      w = std::move(next);
      value = std::move(there);
    }
    done = log.add(step, value.loss, maps_with(w));
    if (progress)
      progress({"refine the maps", static_cast<std::uint64_t>(step),
                static_cast<std::uint64_t>(options.iterations)});
  }
  return log.finish();
}

}  // namespace xalign
