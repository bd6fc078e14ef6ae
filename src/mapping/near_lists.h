#pragma once

#include <xalign/topk.h>

#include <span>
#include <vector>

namespace xalign {

/// The nearest rows of `others` of chosen rows of a matrix.
class NearLists {
 public:
  /// @param rows  numbers of rows, in any order; each is searched once
  /// @param same  rows and others are of the same matrix: a row is not near itself
  NearLists(ConstRows matrix, std::vector<Index> rows, ConstRows others, int k, bool same);

  struct Neighbor {
    Index index;
    float cosine;
  };
  /// At most k, nearest first.
  std::span<const Neighbor> of(Index row) const;
  /// Mean cosine of the neighbours.
  float mean(Index row) const;

 private:
  void add(ConstRows matrix, std::span<const Index> rows, ConstRows others, int k, bool same);

  std::vector<Index> rows_;  // ascending
  std::vector<Neighbor> neighbors_;
  std::vector<std::size_t> begins_ = {0};
};

Matrix gather_rows(ConstRows matrix, std::span<const Index> rows);

}  // namespace xalign
