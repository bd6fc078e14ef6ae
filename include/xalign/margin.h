#pragma once

#include <xalign/matrix.h>
#include <xalign/progress.h>

#include <string>
#include <vector>

namespace xalign {

/// How a pair is scored in bitext search (Artetxe and Schwenk 2019): c is its cosine and r(x), r(z)
/// the means of the k largest cosines of its members with the other side.
enum class Margin {
  absolute,  ///< c
  distance,  ///< c - (r(x) + r(z)) / 2, half of CSLS
  ratio,     ///< c / ((r(x) + r(z)) / 2), r at least 1e-6
};

struct MarginOptions {
  int neighbors = 4;     ///< k, 1 to kMaxTopk
  std::string isa = {};  ///< as in TopkOptions
  Progress progress = {};

  void validate() const;
};

struct MarginMatches {
  std::vector<Index> target;   ///< best target of every source row; ties go to the smaller index
  std::vector<double> margin;  ///< its score
};

/// The best of all targets for every source row, one result for each of `margins`. LASER looks
/// among the k nearest by cosine only; here no target is left out.
/// @param source, target  unit rows, n x d and m x d
std::vector<MarginMatches> match_by_margin(ConstRows source, ConstRows target,
                                           const std::vector<Margin>& margins,
                                           const MarginOptions& options = {});

}  // namespace xalign
