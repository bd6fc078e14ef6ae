#pragma once

#include <xalign/embeddings.h>
#include <xalign/gold_io.h>
#include <xalign/lexicon.h>
#include <xalign/progress.h>

#include <string>
#include <vector>

namespace xalign {

struct AnalogyOptions {
  CasePolicy case_policy = CasePolicy::exact;
  double epsilon = 0.001;  ///< of 3CosMul
  std::string isa = {};    ///< as in TopkOptions
  Progress progress = {};

  void validate() const;
};

struct AnalogyScore {
  std::string name;   ///< of the category
  Index total = 0;    ///< questions
  Index covered = 0;  ///< all four words are known
  Index add_right = 0;
  Index mul_right = 0;
};

struct AnalogyResult {
  AnalogyScore all;
  std::vector<AnalogyScore> categories;  ///< in order of appearance
  std::vector<Index> add_answers;        ///< per question, row of the word; -1 when not covered
  std::vector<Index> mul_answers;
};

/// Answers "a is to b as c is to ?" by the word x, none of a, b and c, with the largest
///     3CosAdd (Mikolov 2013)  cos(x, b) - cos(x, a) + cos(x, c)
///     3CosMul (Levy 2014)     s(x, b) s(x, c) / (s(x, a) + epsilon),  s = (cos + 1) / 2
/// among all words. Right when x is the fourth word.
/// @param embeddings  unit rows
AnalogyResult evaluate_analogies(const Embeddings& embeddings, const AnalogySet& set,
                                 const AnalogyOptions& options = {});

}  // namespace xalign
