#include "support/catch.hpp"
#include "support/matrices.h"
#include "support/temporary_folder.h"

#include <xalign/error.h>
#include <xalign/learn.h>
#include <xalign/mapping_io.h>
#include <xalign/parallel.h>
#include <xalign/reranker.h>
#include <xalign/translation.h>

#include <fmt/format.h>

#include <cmath>

using namespace xalign;

namespace {

constexpr Index kWords = 500, kSeeds = 300;

/// Pairs of words lie at almost the same place, so that geometry alone is right half the time; half
/// of the words are spelt alike across the languages.
struct Languages {
  Embeddings source, target;

  Languages() {
    Random random(3);
    Matrix rows = test::random_unit_rows(kWords, 20, 1);
    for (Index i = 0; i + 1 < kWords; i += 2) rows.row(i + 1) = rows.row(i);
    source.vectors = rows + 0.05F * test::random_matrix(kWords, 20, 2);
    target.vectors = rows + 0.05F * test::random_matrix(kWords, 20, 3);
    const auto letters = [&] {
      std::string word;
      for (int j = 0; j < 7; ++j) word += static_cast<char>('a' + random.below(26));
      return word;
    };
    for (Index i = 0; i < kWords; ++i) {
      const std::string word = letters();
      source.words.insert(word);
      target.words.insert(i % 4 < 2 ? word + "o" : letters());
    }
  }
};

LearnResult learn(Languages& languages, bool rerank) {
  std::vector<WordPair> seeds;
  for (Index i = 0; i < kSeeds; ++i) seeds.push_back({i, i});
  LearnOptions options;
  if (rerank) options.reranker = RerankerOptions{.neighbors = 12, .alike = 3, .min_seeds = 100};
  LearnResult learned =
      learn_mapping(languages.source, languages.target, seeds, make_method("multistep"), options);
  normalize_rows(languages.source.vectors);
  normalize_rows(languages.target.vectors);
  return learned;
}

/// Learned once for all tests that only look.
struct Learned {
  Languages languages;
  LearnResult result = learn(languages, true);
};
const Learned& learned_once() {
  static const Learned learned;
  return learned;
}

std::vector<Index> unseen() {
  std::vector<Index> rows;
  for (Index i = kSeeds; i < kWords; ++i) rows.push_back(i);
  return rows;
}

double share_right(const TopkLists& lists, const std::vector<Index>& rows) {
  double right = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    right += lists.index(static_cast<Eigen::Index>(i), 0) == rows[i] ? 1 : 0;
  return right / static_cast<double>(rows.size());
}

void check_saved_rerankers(const Mapping& mapping) {
  const test::TemporaryFolder folder;
  const std::string path = folder / "a.xmap";
  write_mapping(path, mapping);
  const Mapping read = read_mapping(path);
  CHECK(read.source.reranker == mapping.source.reranker);
  CHECK(read.target.reranker == mapping.target.reranker);
}

}  // namespace

TEST_CASE("a reranker adds what spelling tells, with probabilities that hold") {
  const Languages& languages = learned_once().languages;
  const LearnResult& learned = learned_once().result;
  REQUIRE(learned.mapping.source.reranker);
  REQUIRE(learned.mapping.target.reranker);
  REQUIRE(learned.reranker_trials.size() == 4);
  CHECK(learned.reranker_trials[1].chosen);
  const std::vector<Index> rows = unseen();
  const Reranker reranker(*learned.mapping.source.reranker, languages.source, languages.target);
  const TopkLists lists = reranker.rank(rows, 5);
  Matrix queries(static_cast<Eigen::Index>(rows.size()), 20);
  queries = languages.source.vectors.bottomRows(queries.rows());
  const TopkLists before =
      rank_queries(queries, languages.source.vectors, languages.target.vectors, 1);
  const double right = share_right(lists, rows);
  CHECK(right > share_right(before, rows) + 0.1);
  double promised = 0;
  for (Eigen::Index i = 0; i < lists.rows(); ++i) {
    promised += static_cast<double>(lists.score(i, 0));
    for (Eigen::Index j = 1; j < 5; ++j) {
      REQUIRE(lists.score(i, j) <= lists.score(i, j - 1));
      REQUIRE(lists.score(i, j) >= 0);
    }
  }
  CHECK(std::abs(promised / static_cast<double>(rows.size()) - right) < 0.1);
  const Reranker back(*learned.mapping.target.reranker, languages.target, languages.source);
  CHECK(share_right(back.rank(rows, 1), rows) > share_right(before, rows) + 0.1);
  // One query at a time, and one thread, give the same.
  const ThreadLimit one(1);
  const std::vector<Index> single{rows[7]};
  const TopkLists alone = reranker.rank(single, 5);
  CHECK(alone.index.row(0) == lists.index.row(7));
  CHECK(alone.score.row(0) == lists.score.row(7));
  CHECK(reranker.rank({}, 3).rows() == 0);
  CHECK(reranker.rank(single, 50).index(0, 49) == -1);
  CHECK_THROWS_AS(reranker.rank(single, 0), Error);
}

TEST_CASE("learning a reranker does not change the map, nor do threads change the reranker") {
  Languages without, again;
  const LearnResult& learned = learned_once().result;
  CHECK(learn(without, false).mapping.source.matrix == learned.mapping.source.matrix);
  const ThreadLimit one(1);
  CHECK(learn(again, true).mapping.source.reranker == learned.mapping.source.reranker);
}

TEST_CASE("a reranker is saved with its mapping") {
  check_saved_rerankers(learned_once().result.mapping);
}

TEST_CASE("seed words of a reranker are saved with it; mappings without them are read, too") {
  Mapping mapping = learned_once().result.mapping;
  mapping.source.reranker->features = {"beginning", "edit"};
  mapping.source.reranker->coefficients = {0.5, 1};
  mapping.source.reranker->known = {{"book", "buch"}, {"книга", "kirja"}};
  mapping.target.reranker->known.clear();
  check_saved_rerankers(mapping);
}

TEST_CASE("candidates of a known family of words come first") {
  Embeddings queries, candidates;
  for (const char* word : {"bookcase", "tree"}) queries.words.insert(word);
  for (const char* word : {"baumhaus", "bucherei", "rot"}) candidates.words.insert(word);
  queries.vectors = Matrix::Identity(2, 3);
  candidates.vectors = Matrix::Identity(3, 3);
  candidates.vectors.row(1) = candidates.vectors.row(0);
  RerankerModel model;
  model.neighbors = 3;
  model.alike = 0;
  model.features = {"beginning"};
  model.coefficients = {1};
  const std::vector<Index> rows{0};
  // Nothing tells them apart: the smaller index is first.
  CHECK(Reranker(model, queries, candidates).rank(rows, 1).index(0, 0) == 0);
  model.known = {{"bookshop", "buchladen"}, {"bookish", "buchlich"}, {"to read", "lesen"}};
  CHECK(Reranker(model, queries, candidates).rank(rows, 1).index(0, 0) == 1);
}

TEST_CASE("rerankers that no fit gives are refused") {
  RerankerModel good;
  good.features = {"cosine", "edit"};
  good.coefficients = {1, 2};
  good.validate();
  const auto refused = [&](auto change) {
    RerankerModel bad = good;
    change(bad);
    CHECK_THROWS_AS(bad.validate(), Error);
  };
  refused([](RerankerModel& m) { m.neighbors = 1; });
  refused([](RerankerModel& m) { m.alike = 1000; });
  refused([](RerankerModel& m) { m.features[0] = "charm"; });
  refused([](RerankerModel& m) { m.features[0] = "edit"; });
  refused([](RerankerModel& m) { m.coefficients.pop_back(); });
  refused([](RerankerModel& m) { m.coefficients[0] = std::nan(""); });
  refused([](RerankerModel& m) { m.calibration.low = 0; });
  RerankerOptions options;
  options.validate();
  options.min_seeds = 1;
  CHECK_THROWS_AS(options.validate(), Error);
}

TEST_CASE("with few seeds no reranker is learned") {
  Languages languages;
  std::vector<WordPair> seeds;
  for (Index i = 0; i < 60; ++i) seeds.push_back({i, i});
  LearnOptions options;
  options.reranker = RerankerOptions{};
  const LearnResult learned =
      learn_mapping(languages.source, languages.target, seeds, make_method("multistep"), options);
  CHECK_FALSE(learned.mapping.source.reranker);
  CHECK(learned.reranker_trials.empty());
}
