#pragma once

#include "linalg/topk_pool.h"

namespace xalign {

/// Screens a block of rows against one block of columns at a time. One thread owns it; the pool of
/// the columns must, during `search`, be touched by nobody else.
class BlockSearch {
 public:
  BlockSearch(const SearchTask& task, PackedSide rows, CandidateLists& row_lists);

  /// @param pool   of the packed columns
  /// @param begin  of the block within the packed columns, a multiple of kColumnBlock
  void search(const PackedSide& columns, CandidatePool& pool, Eigen::Index begin);

  /// Brings the candidates of the rows into their lists.
  void finish();

 private:
  void prepare(const PackedSide& columns);
  template <class T>
  void search_tiles(const PackedSide& columns, CandidatePool& pool, AlignedArray<T>& scores);
  void multiply(const PackedSide& columns, Eigen::Index strip, Eigen::Index tile,
                std::int32_t* scores);
  void multiply(const PackedSide& columns, Eigen::Index strip, Eigen::Index tile, float* scores);
  template <class T>
  void collect(const PackedSide& columns, const CandidatePool& pool, Eigen::Index i,
               Eigen::Index segment, std::uint64_t mask, const T* scores);
  void refine(const PackedSide& columns);
  void pass_on(const PackedSide& columns, CandidatePool& pool);

  /// A pair of a tile that may belong into a list.
  struct Pair {
    std::int32_t row, column;  // within their blocks
    float product;             // in the units of the screen
  };
  double screen_error(std::size_t r, const PackedSide& columns, std::size_t c) const;
  ScoreBounds bounds(const Pair& pair, double error) const;

  const SearchTask& task_;
  PackedSide rows_;
  CandidatePool row_pool_;
  Eigen::Index tile_columns_;
  std::vector<float> row_term_, row_offset_;  // padded to whole segments
  double longest_row_ = 0;                    // of the block, with its error
  double shortest_row_ = std::numeric_limits<double>::infinity();
  // Of the current block of columns:
  Eigen::Index begin_ = 0;
  Eigen::Index width_ = 0;
  AlignedArray<float> column_term_, column_offset_;
  bool of_similar_lengths_ = false;  // rows and columns: bounds of scans are as good as exact ones
  // Of a tile:
  AlignedArray<std::int32_t> int_scores_;
  AlignedArray<float> float_scores_;
  Matrix last_rows_;  // of a strip that is not full
  AlignedArray<Pair> pairs_;
  std::size_t pair_count_ = 0;
  AlignedArray<ScoreBounds> bounds_;                    // of the pairs
  AlignedArray<std::uint16_t> for_rows_, for_columns_;  // pairs that reach a floor
  double refined_error_;  // of refined products, for vectors of length 1
};

}  // namespace xalign
