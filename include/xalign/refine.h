#pragma once

#include <xalign/linear_maps.h>
#include <xalign/progress.h>

#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace xalign {

/// When to stop before the last step: the maps with the best held-out score (mean reciprocal rank,
/// held_out.h) are returned. Without pairs all steps are taken.
struct EarlyStop {
  std::span<const WordPair> held_out = {};  ///< pairs that neither maps nor pairs have seen
  int every = 5;                            ///< steps between scores
  int patience = 3;                         ///< scores in a row without a gain that end it
  Index words = 20000;                      ///< as in score_held_out
};

struct RefineRecord {
  int step = 0;     ///< 0 = as they came
  double loss = 0;  ///< before the step; of the pairs and the negatives or neighbours of that time
  double held_out = std::numeric_limits<double>::quiet_NaN();  ///< score, where it was computed
};

struct RefineResult {
  MapPair maps;   ///< `rank` as in the maps given
  int steps = 0;  ///< that the maps have taken
  std::vector<RefineRecord> records;
};

/// Called with every record as it is made; false ends the refinement with the maps so far.
using RefineWatch = std::function<bool(const RefineRecord&)>;

/// Relaxed CSLS (Joulin 2018).
struct RcslsOptions {
  int iterations = 10;
  double rate = 2;        ///< of the gradient; halved when the loss rises
  int neighbors = 10;     ///< k, 1 to kMaxTopk
  Index words = 20000;    ///< neighbours are among the first ones of each side
  bool spectral = false;  ///< singular values of W are cut to 1 after each step

  void validate() const;
};

/// Moves the source side. With x_i, z_i the unit mapped rows of pair i and W = I at first,
/// minimises
///     -sum_i w_i [ 2 x_i W z_i' - mean of z in N(x_i W) of x_i W z' - mean of x in N(z_i) of x W
///     z_i' ],
/// sum_i w_i = 1, N the k nearest neighbours by the scalar product, by full subgradient steps; a
/// step after which the loss is larger is taken back and the rate halved. The source map becomes
/// A_x W.
/// @param source, target  normalised rows, not mapped
/// @param start           the maps to begin with
/// @throws Error(config) for options out of range or no pairs, Error(data) for pairs or shapes that
///         do not fit
RefineResult refine_rcsls(ConstRows source, ConstRows target, const MapPair& start,
                          std::span<const WordPair> pairs, const RcslsOptions& options = {},
                          const EarlyStop& stop = {}, const Progress& progress = {},
                          const RefineWatch& watch = {});

/// Contrastive refinement with hard negatives, after Li 2022 (ContrastiveBLI, stage C1).
struct ContrastiveOptions {
  int steps = 6;
  int negatives = 30;         ///< K nearest wrong partners of each word, 1 to kMaxTopk
  Index words = 15000;        ///< negatives are among the first ones of each side
  int refresh = 6;            ///< steps after which negatives are looked for again; 0 = never
  double temperature = 0.05;  ///< T, 0.01 or more
  double rate = 1;
  double decay = 0.97;  ///< the rate is multiplied by it after every step
  double clip = 0.15;   ///< largest norm of the gradient, both sides together

  void validate() const;
};

/// Moves both sides. For pair (a, b) with the cosines c of mapped rows, b' the K nearest targets of
/// a, a' the K nearest sources of b (partners of the pairs left out), minimises
///     -sum_i w_i log( e^{c_ab/T} / (e^{c_ab/T} + sum_b' e^{c_ab'/T} + sum_a' e^{c_a'b/T}) ),
/// sum_i w_i = 1, by gradient descent that takes the lengths of mapped rows for constants.
/// Parameters and errors as refine_rcsls.
RefineResult refine_contrastive(ConstRows source, ConstRows target, const MapPair& start,
                                std::span<const WordPair> pairs,
                                const ContrastiveOptions& options = {}, const EarlyStop& stop = {},
                                const Progress& progress = {}, const RefineWatch& watch = {});

}  // namespace xalign
