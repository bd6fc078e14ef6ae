#pragma once

#include <xalign/consistency.h>
#include <xalign/embeddings.h>
#include <xalign/normalize.h>
#include <xalign/reranker.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace xalign {

enum class Side { source, target };

/// How to recognise the vectors that a side was learned on.
struct InputRecord {
  std::string name;      ///< file name as given
  std::string language;  ///< as given; may be empty
  Index words = 0;
  Index dimension = 0;
  std::uint64_t fingerprint = 0;       ///< xalign::fingerprint of the vectors as read
  std::uint64_t head_fingerprint = 0;  ///< of the first kHeadWords, to recognise a part of the file
};

/// One side: rows are normalised, then multiplied.
struct SideMap {
  Normalizer normalizer;
  Matrix matrix;  ///< d x c
  InputRecord input;
  std::optional<RerankerModel> reranker = {};  ///< for queries of this side

  /// The mapped rows, n x c, not normalised again.
  Matrix apply(ConstRows rows) const;
  /// The same in the memory of the input where c <= d.
  void apply_in_place(Matrix& rows) const;
};

/// What is remembered of the training dictionary: enough to tell whether a test query was seen.
struct TrainingRecord {
  Index pairs = 0;                          ///< entries of the dictionary
  Index used = 0;                           ///< different pairs that were covered and trained on
  std::uint64_t hash = 0;                   ///< of the pairs trained on, in order
  std::vector<std::uint64_t> source_words;  ///< sorted hash_text of the words trained on
  std::vector<std::uint64_t> target_words;
  std::vector<std::uint64_t> word_pairs;  ///< sorted hash_pair of the pairs trained on

  bool has_source(std::string_view word) const;
  bool has_target(std::string_view word) const;
  bool has_pair(std::string_view source, std::string_view target) const;
};

/// How a run went.
struct LearningRecord {
  int iterations = 0;
  Index pairs = 0;                      ///< the map was made of in the end, seeds included
  double objective = 0;                 ///< of the last iteration; 0 without any
  bool complete = true;                 ///< false when the time limit left steps out
  std::optional<Verdict> verdict = {};  ///< where the outcome was judged
};

/// A learned mapping: everything needed to bring other vectors of both languages into the shared
/// space, and to tell how it came about. Saved as one `.xmap` file (mapping_io.h).
struct Mapping {
  SideMap source;
  SideMap target;
  std::string method;              ///< name, e.g. "multistep"
  std::vector<std::string> steps;  ///< the steps with their options, e.g. "multistep(p=0.5, q=0.5)"
  std::uint64_t seed = 0;
  std::string version;  ///< of the xalign that learned it
  TrainingRecord training;
  LearningRecord learning;
  double isf_beta = 0;  ///< inverse temperature fitted on the training pairs; 0 = none

  const SideMap& side(Side side) const { return side == Side::source ? source : target; }
  Eigen::Index dimension() const { return source.matrix.cols(); }
};

}  // namespace xalign
