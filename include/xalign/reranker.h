#pragma once

#include <xalign/embeddings.h>
#include <xalign/reliability.h>
#include <xalign/topk.h>

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace xalign {

/// Turns the share p of a candidate in its list into the probability that it is right:
/// 1 / (1 + exp(-(low log(p) - high log(1 - p) + offset))) (beta calibration, Kull 2017).
struct Calibration {
  double low = 1;   ///< above 0
  double high = 1;  ///< above 0
  double offset = 0;

  double operator()(double share) const;
  bool operator==(const Calibration&) const = default;
};

/// What was learned about choosing among the candidates of a query: a linear model over features of
/// geometry, spelling, votes, affixes and frequency, p(candidate) = softmax over the list of w . f.
/// Plain numbers, saved with the mapping.
struct RerankerModel {
  int neighbors = 100;                ///< candidates by cosine, 2 to kMaxTopk
  int alike = 5;                      ///< more candidates by spelling, at most; 0 to kMaxTopk
  std::vector<std::string> features;  ///< different names of reranker_features()
  std::vector<double> coefficients;   ///< w, one per feature
  /// Query and answer of the seeds, which tell how beginnings and endings of words translate; empty
  /// where no feature asks for that.
  std::vector<std::pair<std::string, std::string>> known = {};
  Calibration calibration;
  Reliability reliability;  ///< on words not fitted on

  /// @throws Error(data) for what no fit gives
  void validate() const;
  bool operator==(const RerankerModel&) const = default;
};

/// Names of all features there are.
std::vector<std::string> reranker_features();

struct RerankerOptions {
  int neighbors = 100;    ///< as in RerankerModel
  int alike = 5;          ///< likewise
  Index min_seeds = 300;  ///< different source words; with fewer, none is learned

  void validate() const;
};

/// How a kind of reranker did on the seed words that were held out to choose one.
struct RerankerTrial {
  std::string name;  ///< "csls" (none), "spelling", "spelling+affixes", ...
  Index queries = 0;
  double right = 0;           ///< share of queries
  double gain = 0;            ///< over the one chosen before it, of paired queries
  double standard_error = 0;  ///< of the gain
  bool chosen = false;
};

/// Answers words of one language with words of the other, reranked. What depends on the
/// vocabularies alone is computed once, in the constructor. Refers to both sides, which must
/// outlive it.
class Reranker {
 public:
  /// @param queries, candidates  the two languages, unit rows in the shared space
  Reranker(const RerankerModel& model, const Embeddings& queries, const Embeddings& candidates);
  Reranker(Reranker&&) noexcept;
  Reranker& operator=(Reranker&&) noexcept;
  ~Reranker();

  /// The k best candidates of each of the given rows of `queries`, most probable first, ties to
  /// the smaller index; scores are probabilities. At most `neighbors + alike` of a list.
  TopkLists rank(std::span<const Index> rows, int k) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace xalign
