#pragma once

#include <xalign/progress.h>
#include <xalign/subword.h>
#include <xalign/vocabulary.h>

#include <memory>
#include <string_view>
#include <vector>

namespace xalign {

struct FormOptions {
  /// `buckets` does not count: n-grams are told apart by their hashes.
  SubwordOptions ngrams = {.min_length = 3, .max_length = 5};
  int min_count = 2;      ///< words that an n-gram must occur in
  Index words = 100'000;  ///< the first ones are learned from; 0 = all
  double ridge = 0.1;     ///< strength of the penalty
  int iterations = 20;    ///< of conjugate gradients
  Progress progress = {};

  void validate() const;
};

/// Guesses the vectors of unseen words from their spelling, as learned from a vocabulary: each
/// n-gram g gets a vector B_g, and a word with the n-grams G the vector m + sum of B_g over G /
/// sqrt(|G|). B solves the ridge regression
///     min sum over words |m + sum B_g / sqrt(|G|) - x|^2 + ridge sum |B_g|^2,
/// x the words' vectors brought to length 1 and m their mean, by conjugate gradients. The same bits
/// for any number of threads.
class FormModel final : public SubwordModel {
 public:
  /// @throws Error(data) if no n-gram occurs in enough words
  static std::unique_ptr<FormModel> fit(const Vocabulary& words, ConstRows vectors,
                                        const FormOptions& options = {});

  Eigen::Index dimension() const override { return mean_.size(); }
  /// Vectors have the mean length of those that were learned from.
  bool find_vector(std::string_view word, Eigen::Ref<RowVector> vector) const override;
  /// Different n-grams that have a vector.
  Eigen::Index ngrams() const { return weights_.rows(); }

 private:
  FormModel() = default;

  SubwordOptions options_;
  std::vector<std::uint32_t> hashes_;  // sorted, of the n-grams
  Matrix weights_;                     // their vectors
  RowVector mean_;
  float length_ = 1;
};

}  // namespace xalign
