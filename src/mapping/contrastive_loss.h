#pragma once

#include "linalg/product.h"
#include "linalg/topk_kernels.h"

#include <xalign/refine.h>

#include <cstdint>
#include <span>
#include <vector>

namespace xalign {

/// The loss of refine_contrastive with the negatives found under some maps.
class ContrastiveLoss {
 public:
  ContrastiveLoss(ConstRows source, ConstRows target, const MapPair& maps,
                  std::span<const WordPair> pairs, const ContrastiveOptions& options);

  /// Loss, and its gradient by both maps with the lengths of mapped rows constant.
  struct Value {
    double loss = 0;
    MatrixD source, target;
  };
  Value at(const MapPair& maps) const;

  /// What the loss depends on: pairs of vocabulary rows.
  struct Terms {
    std::vector<WordPair> source_negatives;  ///< words of pairs with their nearest wrong targets
    std::vector<WordPair> target_negatives;  ///< the nearest wrong sources with words of pairs
  };
  Terms terms() const;

 private:
  /// One side: the rows that matter and the terms that each takes part in.
  struct Side {
    std::vector<Index> words;  // sorted vocabulary rows
    Matrix rows;
    std::vector<std::size_t> begin;    // per word, where its terms begin in the next two
    std::vector<std::uint32_t> terms;  // word by word
    std::vector<Index> partners;       // the words of the other side in these terms
  };

  static void group_terms(Side& side, const std::vector<Index>& member,
                          const std::vector<Index>& partner);
  /// Calls work(word, its partners among the rows, its terms, room for a number for each term).
  template <typename Work>
  static void for_words(const Side& side, const Matrix& partners, const Work& work);
  static MatrixD gradient(const Side& side, const Matrix& partner_rows,
                          const std::vector<float>& scale, const std::vector<float>& coefficients);

  Side source_, target_;
  // Terms, the words as positions in `Side::words`. The first ones are the pairs.
  std::vector<Index> term_source_, term_target_;
  std::size_t target_terms_ = 0;  // where the negatives of target words begin
  std::vector<double> weights_;   // of the pairs, sum 1
  double temperature_;
};

}  // namespace xalign
