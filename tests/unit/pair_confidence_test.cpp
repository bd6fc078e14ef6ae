#include "support/catch.hpp"
#include "support/matrices.h"

#include <xalign/error.h>
#include <xalign/pair_confidence.h>
#include <xalign/parallel.h>

#include <fmt/format.h>

#include <set>

using namespace xalign;

namespace {

constexpr Index kWords = 600;

/// Every word has a twin that lies as near as itself, so that geometry alone is right half the
/// time; half of the words are spelt alike across the languages.
struct Toy {
  Vocabulary source, target;
  CslsResult csls;

  Toy() {
    Random random(3);
    Matrix rows = test::random_unit_rows(kWords, 30, 1);
    for (Index i = 0; i + 1 < kWords; i += 2) rows.row(i + 1) = rows.row(i);
    Matrix from = rows + 0.05F * test::random_matrix(kWords, 30, 2);
    Matrix to = rows + 0.05F * test::random_matrix(kWords, 30, 3);
    from.rowwise().normalize();
    to.rowwise().normalize();
    for (Index i = 0; i < kWords; ++i) {
      std::string word = fmt::format("{}", i);
      for (int j = 0; j < 6; ++j) word += static_cast<char>('a' + random.below(26));
      source.insert(word);
      target.insert(i % 4 < 2 ? word + "o" : fmt::format("{}x{}", i, random.next()));
    }
    csls = find_csls(from, to, {.row_k = 10, .column_k = 10});
  }
};

double precision(const std::vector<WordPair>& pairs) {
  double right = 0;
  for (const WordPair& pair : pairs) right += pair.source == pair.target ? 1 : 0;
  return right / static_cast<double>(pairs.size());
}

std::vector<WordPair> first_pairs(Index count) {
  std::vector<WordPair> pairs;
  for (Index i = 0; i < count; ++i) pairs.push_back({i, i});
  return pairs;
}

}  // namespace

TEST_CASE("spelling decides where geometry cannot") {
  const Toy toy;
  const SpellingTable source(toy.source), target(toy.target);
  std::vector<WordPair> by_geometry;
  for (Index i = 0; i < kWords; ++i)
    if (toy.csls.columns.index(toy.csls.rows.index(i, 0), 0) == i)
      by_geometry.push_back({i, toy.csls.rows.index(i, 0)});
  const auto seeds = first_pairs(300);
  const auto fitted = choose_pairs(toy.csls, source, target, seeds);
  CHECK(precision(fitted) > precision(by_geometry) + 0.1);
  const auto shipped = choose_pairs(toy.csls, source, target, {});
  CHECK(precision(shipped) > precision(by_geometry) + 0.1);
  // Few seeds do not change the model.
  CHECK(choose_pairs(toy.csls, source, target, first_pairs(50)).size() == shipped.size());
}

TEST_CASE("mutual pairs are one to one, with probabilities as weights") {
  const Toy toy;
  const SpellingTable source(toy.source), target(toy.target);
  const auto seeds = first_pairs(300);
  const auto mutual = choose_pairs(toy.csls, source, target, seeds);
  std::set<Index> sources, targets;
  for (const WordPair& pair : mutual) {
    CHECK((pair.weight > 0 && pair.weight <= 1));
    sources.insert(pair.source);
    targets.insert(pair.target);
  }
  CHECK(sources.size() == mutual.size());
  CHECK(targets.size() == mutual.size());
  const auto both = choose_pairs(toy.csls, source, target, seeds, {.mutual = false});
  CHECK(both.size() == 2 * static_cast<std::size_t>(kWords));
  const ThreadLimit one(1);
  const auto again = choose_pairs(toy.csls, source, target, seeds);
  REQUIRE(again.size() == mutual.size());
  for (std::size_t i = 0; i < again.size(); ++i) CHECK(again[i].weight == mutual[i].weight);
}

TEST_CASE("what cannot be judged is refused") {
  const Toy toy;
  const SpellingTable source(toy.source), target(toy.target);
  CHECK_THROWS_AS(choose_pairs(toy.csls, SpellingTable(toy.source, 10), target, {}), Error);
  CHECK_THROWS_AS(choose_pairs(toy.csls, source, target, {}, {.l2 = 0}), Error);
  CslsResult single;
  single.rows.index.resize(3, 1);
  single.columns.index.resize(3, 1);
  CHECK_THROWS_AS(choose_pairs(single, source, target, {}), Error);
}
