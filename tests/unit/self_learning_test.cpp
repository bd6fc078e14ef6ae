#include "mapping/induced_pairs.h"
#include "support/catch.hpp"
#include "support/multistep_twin.h"
#include "support/temporary_folder.h"
#include "support/toy_mapping.h"

#include <xalign/checkpoint.h>
#include <xalign/error.h>
#include <xalign/mapping_io.h>
#include <xalign/parallel.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

using namespace xalign;

namespace {

/// Two languages that differ by a rotation and noise; word i translates to word i.
struct Twins {
  Embeddings source, target;
};

Twins make_twins(Index words, Eigen::Index dimension, float noise) {
  Twins twins{test::toy_embeddings(words, dimension, "s", 1),
              test::toy_embeddings(words, dimension, "t", 2)};
  twins.target.vectors =
      twins.source.vectors * test::random_orthogonal(dimension, 3) + noise * twins.target.vectors;
  return twins;
}

double share_right(const std::vector<WordPair>& pairs) {
  const auto right = std::count_if(pairs.begin(), pairs.end(),
                                   [](const WordPair& p) { return p.source == p.target; });
  return static_cast<double>(right) / static_cast<double>(pairs.size());
}

Method self_learning(SelfLearning rounds) {
  return {
      "test",
      {NormalizeVectors{MethodOptions{}.normalize}, MapMultistep{{.ridge = 1}}, std::move(rounds)}};
}

LearnResult learn(Twins twins, Index seeds, const Method& method, LearnOptions options = {}) {
  return learn_mapping(twins.source, twins.target, test::diagonal_pairs(seeds), method, options);
}

/// Lists of one candidate each.
TopkLists lists_of(const std::vector<std::vector<Index>>& rows) {
  TopkLists lists;
  lists.index.resize(static_cast<Eigen::Index>(rows.size()),
                     static_cast<Eigen::Index>(rows.front().size()));
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < rows[i].size(); ++j)
      lists.index(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = rows[i][j];
  return lists;
}

std::vector<std::tuple<Index, Index, float>> as_tuples(const std::vector<WordPair>& pairs) {
  std::vector<std::tuple<Index, Index, float>> tuples;
  for (const WordPair& pair : pairs) tuples.emplace_back(pair.source, pair.target, pair.weight);
  return tuples;
}

}  // namespace

TEST_CASE("self-learning finds the pairs that a few seeds imply") {
  const auto before = learn(make_twins(400, 20, 0.8F), 25, self_learning({{{.repeat = 1}}}));
  const auto after = learn(make_twins(400, 20, 0.8F), 25, self_learning({{{.repeat = 8}}}));
  const auto found = [](const LearnResult& r) {
    return std::count_if(r.pairs.begin(), r.pairs.end(),
                         [](const WordPair& p) { return p.source == p.target && p.weight == 1; });
  };
  REQUIRE(found(after) > 1.2 * static_cast<double>(found(before)));
  REQUIRE(share_right(after.pairs) > 0.8);
  REQUIRE(after.iterations.size() == 8);
  REQUIRE(after.iterations.back().objective > after.iterations.front().objective);
}

TEST_CASE("seeds stay with their own weight, or are forgotten") {
  const auto kept = learn(make_twins(200, 10, 1), 20, self_learning({{{.seed_weight = 3}}}));
  const auto seeds = std::count_if(kept.pairs.begin(), kept.pairs.end(),
                                   [](const WordPair& p) { return p.weight == 3; });
  REQUIRE(seeds == 20);
  const auto forgotten = learn(make_twins(200, 10, 1), 20, self_learning({{{.seed_weight = 0}}}));
  for (const WordPair& pair : forgotten.pairs) REQUIRE(pair.weight == 1);
}

TEST_CASE("induced pairs are mutual, or of both directions with mutual ones counted twice") {
  CslsResult csls;
  csls.rows = lists_of({{1}, {0}, {0}});
  csls.columns = lists_of({{2}, {0}, {1}, {-1}});
  REQUIRE(as_tuples(induce_pairs(csls, Matching::mutual)) ==
          std::vector<std::tuple<Index, Index, float>>{{0, 1, 1}, {2, 0, 1}});
  REQUIRE(as_tuples(induce_pairs(csls, Matching::concatenated)) ==
          std::vector<std::tuple<Index, Index, float>>{{0, 1, 2}, {1, 0, 1}, {1, 2, 1}, {2, 0, 2}});
}

TEST_CASE("dropout keeps its share, differently in every iteration") {
  for (const double keep : {0.1, 0.5, 0.9}) {
    int kept = 0, same = 0;
    const Dropout first{7, 1, keep}, second{7, 2, keep};
    for (Index i = 0; i < 200; ++i)
      for (Index j = 0; j < 200; ++j) {
        kept += first.keeps(i, j);
        same += first.keeps(i, j) && second.keeps(i, j);
      }
    REQUIRE(std::abs(kept / 40000.0 - keep) < 0.01);
    REQUIRE(std::abs(same / 40000.0 - keep * keep) < 0.01);
  }
  CslsResult csls;
  csls.rows = lists_of({{0, 1, 2}});
  csls.columns = lists_of({{0}, {0}, {0}});
  std::set<Index> chosen;
  for (std::uint64_t i = 0; i < 100; ++i)
    for (const WordPair& pair : induce_pairs(csls, Matching::mutual, {1, i, 0.5}))
      chosen.insert(pair.target);
  REQUIRE(chosen == std::set<Index>{0, 1, 2});
}

TEST_CASE("the schedule of VecMap ends by itself and finds the pairs") {
  const ThreadLimit limit(1);  // hundreds of rounds too small to share
  const auto result = learn(make_twins(300, 10, 0.3F), 20, make_method("vecmap"));
  REQUIRE(share_right(result.pairs) > 0.8);
  REQUIRE(result.iterations.size() > 5 * 50);
  REQUIRE(result.iterations.size() < 2000);
}

TEST_CASE("pairs of words that are written alike do without seeds") {
  Twins twins = make_twins(300, 20, 0.5F);
  const auto rename = [](Embeddings& side, Index from, const char* prefix) {
    Vocabulary words;
    for (Index i = 0; i < side.size(); ++i)
      words.insert(i < from ? std::to_string(1900 + i) : std::string(prefix) + std::to_string(i));
    side.words = words;
  };
  rename(twins.source, 60, "s");
  rename(twins.target, 60, "t");
  for (const PairSource source : {PairSource::identical, PairSource::numerals}) {
    Twins copy = twins;
    const Method method{"test",
                        {NormalizeVectors{MethodOptions{}.normalize}, FindPairs{source},
                         MapMultistep{{.ridge = 1}}, SelfLearning{{{.repeat = 4}}}}};
    REQUIRE(finds_pairs(method));
    const auto result = learn_mapping(copy.source, copy.target, {}, method);
    REQUIRE(share_right(result.pairs) > 0.8);
    REQUIRE(result.mapping.training.used == 0);
    REQUIRE(result.iterations.front().pairs == 60);
  }
  const Method method{"test", {FindPairs{PairSource::numerals, 0, 5}, MapProcrustes{}}};
  REQUIRE_THROWS_AS(learn_mapping(twins.source, twins.target, {}, method), Error);
}

TEST_CASE("self-learning gives the same bytes for any number of threads") {
  const auto run = [](int threads) {
    const ThreadLimit limit(threads);
    return learn(make_twins(700, 10, 1), 40,
                 self_learning({{{.repeat = 3, .matching = Matching::concatenated, .keep = 0.3},
                                 {.repeat = 2}}}));
  };
  const auto one = run(1), three = run(3);
  REQUIRE(one.mapping.source.matrix == three.mapping.source.matrix);
  REQUIRE(as_tuples(one.pairs) == as_tuples(three.pairs));
}

TEST_CASE("words spelt alike are a start without seeds, and spelling chooses pairs") {
  Random random(7);
  Twins twins = make_twins(400, 20, 0.9F);
  Vocabulary source, target;
  for (Index i = 0; i < 400; ++i) {
    const auto letters = [&](int count) {
      std::string word;
      for (int j = 0; j < count; ++j) word += static_cast<char>('a' + random.below(26));
      return word;
    };
    const std::string word = letters(8);
    source.insert(word);
    target.insert(i % 3 == 0 ? word + "e" : letters(9));
  }
  twins.source.words = source;
  twins.target.words = target;
  const auto run = [&](bool spelling) {
    Twins copy = twins;
    const Method method{
        "test",
        {NormalizeVectors{MethodOptions{}.normalize},
         FindPairs{.source = PairSource::spelling, .min_letters = 5, .min_similarity = 0.8},
         MapMultistep{{.ridge = 3}}, SelfLearning{{{.repeat = 3, .spelling = spelling}}}}};
    return learn_mapping(copy.source, copy.target, {}, method);
  };
  const LearnResult with = run(true);
  CHECK(share_right(with.pairs) > share_right(run(false).pairs));
  CHECK(with.mapping.steps[1] ==
        "find-pairs(spelling, cutoff=20000, min-letters=5, min-similarity=0.8, seed-weight=4)");
  CHECK(with.mapping.steps[3] == "self-learning(3 x mutual 20000 spelling seeds=2)");
  CHECK(std::any_of(with.pairs.begin(), with.pairs.end(),
                    [](const WordPair& pair) { return pair.weight < 1; }));
}

TEST_CASE("held-out pairs are scored and the log follows the run") {
  const auto held_out = test::diagonal_pairs(300);
  std::vector<IterationRecord> log;
  LearnOptions options;
  options.held_out = held_out;
  options.log = [&](const IterationRecord& record) { log.push_back(record); };
  const auto result =
      learn(make_twins(300, 20, 0.6F), 40, self_learning({{{.repeat = 4}}}), options);
  REQUIRE(log.size() == 4);
  REQUIRE(log.size() == result.iterations.size());
  for (std::size_t i = 0; i < log.size(); ++i) {
    REQUIRE(log[i].iteration == static_cast<int>(i) + 1);
    REQUIRE(log[i].pairs > 0);
    REQUIRE(log[i].held_out.has_value());
  }
  REQUIRE(*log.back().held_out >= *log.front().held_out);
}

TEST_CASE("a run that is out of time gives the map so far") {
  LearnOptions options;
  options.time_limit = 1e-9;
  const auto result =
      learn(make_twins(200, 10, 1), 20, self_learning({{{.repeat = 1000}}}), options);
  REQUIRE(!result.mapping.learning.complete);
  REQUIRE(result.iterations.empty());
  REQUIRE(result.mapping.source.matrix.allFinite());
  REQUIRE(learn(make_twins(200, 10, 1), 20, self_learning({{{.repeat = 2}}}))
              .mapping.learning.complete);
}

TEST_CASE("schedules out of range, and steps in an order that cannot be, are refused") {
  for (const SelfLearningRound& bad : {SelfLearningRound{.repeat = 0},
                                       {.cutoff = -1},
                                       {.seed_weight = -1},
                                       {.ridge = -1},
                                       {.keep = 0},
                                       {.keep = 1.5},
                                       {.spelling = true, .keep = 0.5},
                                       {.csls_k = 0},
                                       {.patience = 0},
                                       {.min_gain = -1}})
    REQUIRE_THROWS_AS(SelfLearning{{bad}}.validate(), Error);
  REQUIRE_THROWS_AS(SelfLearning{}.validate(), Error);
  recommended_self_learning(100).validate();
  vecmap_self_learning().validate();
  const auto refuse = [](Index seeds, std::vector<MethodStep> steps) {
    REQUIRE_THROWS_AS(learn(make_twins(50, 5, 1), seeds, {"bad", std::move(steps)}), Error);
  };
  refuse(10, {SelfLearning{{{}}}, MapProcrustes{}});
  refuse(0, {MapProcrustes{}, FindPairs{}});
  refuse(10, {FindPairs{.min_letters = 0}, MapProcrustes{}});
  refuse(10, {FindPairs{.min_similarity = 0}, MapProcrustes{}});
}

TEST_CASE("of several starts the most consistent one is kept") {
  Twins twins = make_twins(600, 20, 0.5F);
  const auto rename = [](Embeddings& side, Index shift) {
    Vocabulary words;
    for (Index i = 0; i < side.size(); ++i)
      words.insert(i < 100   ? std::to_string(1900 + i)
                   : i < 200 ? "w" + std::to_string((i - 100 + shift) % 100)
                             : "u" + std::to_string(shift) + std::to_string(i));
    side.words = words;
  };
  // Numerals are right; the other words that are written alike are not.
  rename(twins.source, 0);
  rename(twins.target, 37);
  const auto start = [](const char* name, FindPairs pairs) {
    return Method{name, {pairs, MapMultistep{{.ridge = 1}}, SelfLearning{{{.repeat = 2}}}}};
  };
  const Method method{"test",
                      {NormalizeVectors{MethodOptions{}.normalize},
                       KeepBest{{start("none", {.source = PairSource::numerals, .min_letters = 9}),
                                 start("numerals", {.source = PairSource::numerals}),
                                 start("bad", {.source = PairSource::identical, .min_letters = 2})},
                                {}}}};
  REQUIRE(finds_pairs(method));
  const Twins before = twins;
  const auto result = learn_mapping(twins.source, twins.target, {}, method);
  REQUIRE(share_right(result.pairs) > 0.9);
  // An earlier one is left for a clear win only, and the mapping tells which was kept.
  const Method bad{
      "bad",
      {FindPairs{.source = PairSource::identical, .min_letters = 2}, MapMultistep{{.ridge = 1}}}};
  const Method good = start("good", {.source = PairSource::numerals});
  for (const auto& [margin, kept] : {std::pair{0.0, "good"}, {1.0, "bad"}}) {
    Twins again = before;
    const Method choice{"test",
                        {NormalizeVectors{MethodOptions{}.normalize},
                         KeepBest{.methods = {bad, good}, .reserve = {}, .margin = margin}}};
    const auto learned = learn_mapping(again.source, again.target, {}, choice);
    CAPTURE(margin, learned.mapping.steps[1]);
    REQUIRE(learned.mapping.steps[1].find(std::string("keep-best(") + kept) == 0);
  }
}

TEST_CASE("the reserve is tried where the starts find nothing, and not where one is aligned") {
  const Twins twins = make_twins(600, 20, 0.3F);
  const auto start = [](const char* name, MethodStep pairs) {
    return Method{name, {std::move(pairs), MapMultistep{{.ridge = 1}}, SelfLearning{{{}}}}};
  };
  const Method none = start("none", FindPairs{PairSource::identical});
  const Method seeds = start("seeds", FindPairs{PairSource::numerals});
  const Method reserve =
      start("distribution", MatchDistributions{{{.words = 300, .iterations = 20}}, 4});
  const auto names_of = [&](const Method& first, Index pairs) {
    Twins copy = twins;
    const auto learned = learn_mapping(
        copy.source, copy.target, test::diagonal_pairs(pairs),
        {"test", {NormalizeVectors{MethodOptions{}.normalize}, KeepBest{{first}, {reserve}}}});
    std::vector<std::string> names;
    for (const IterationRecord& record : learned.iterations)
      if (record.step.starts_with("start ")) names.push_back(record.step);
    return names;
  };
  REQUIRE(names_of(none, 0) == std::vector<std::string>{"start distribution"});
  REQUIRE(names_of(seeds, 60) == std::vector<std::string>{"start seeds"});
}

TEST_CASE("iterations of refinements are logged as they are made") {
  std::vector<double> seconds;
  int before = 0;
  LearnOptions options;
  options.log = [&](const IterationRecord& record) { seconds.push_back(record.seconds); };
  options.checkpoint = [&](const Checkpoint& point) {
    before = static_cast<int>(point.iterations.size());
  };
  const Method method{"test", {MapMultistep{{.ridge = 1}}, RefineContrastive{{.steps = 10}}}};
  learn(make_twins(300, 10, 1), 40, method, options);
  REQUIRE(seconds.size() == 10);
  REQUIRE(before == 10);  // the last checkpoint is of the end of the step
  REQUIRE(std::adjacent_find(seconds.begin(), seconds.end(), std::greater_equal<>()) ==
          seconds.end());
}

TEST_CASE("a run that goes on from a checkpoint gives the same bytes") {
  const auto numerals = [](const char* prefix, Embeddings& side) {
    Vocabulary words;
    for (Index i = 0; i < side.size(); ++i)
      words.insert(i < 80 ? std::to_string(1000 + i) : prefix + std::to_string(i));
    side.words = words;
  };
  Twins twins = make_twins(300, 12, 0.5F);
  numerals("s", twins.source);
  numerals("t", twins.target);
  const SelfLearning rounds{
      {{.repeat = 2, .keep = 0.5}, {.repeat = 40, .stop = StopRule::objective, .patience = 3}}};
  const FindPairs find{PairSource::numerals};
  const Method start{"numerals", {find, MapMultistep{{.ridge = 1}}, rounds}};
  const Method method{
      "test", {NormalizeVectors{MethodOptions{}.normalize}, KeepBest{{start, start}, {}}, rounds}};

  std::vector<Checkpoint> points;
  LearnOptions options;
  options.checkpoint = [&](const Checkpoint& point) { points.push_back(point); };
  const auto learn_on = [&](const LearnOptions& o) {
    Twins copy = twins;
    return learn_mapping(copy.source, copy.target, {}, method, o);
  };
  const auto whole = learn_on(options);
  REQUIRE(points.size() >= 9);

  const test::TemporaryFolder folder;
  const std::string path = folder / "run.xmap";
  for (std::size_t i = 0; i < points.size(); i += 2) {
    write_checkpoint(path, points[i]);
    const Checkpoint point = read_checkpoint(path);
    REQUIRE(read_mapping(path).source.matrix == points[i].mapping.source.matrix);
    LearnOptions resumed;
    resumed.resume = &point;
    const auto rest = learn_on(resumed);
    CAPTURE(i);
    REQUIRE(rest.mapping.source.matrix == whole.mapping.source.matrix);
    REQUIRE(rest.mapping.target.matrix == whole.mapping.target.matrix);
    REQUIRE(rest.mapping.learning.iterations == whole.mapping.learning.iterations);
    REQUIRE(as_tuples(rest.pairs) == as_tuples(whole.pairs));
  }
  LearnOptions other;
  other.resume = &points.front();
  other.seed = 2;
  REQUIRE_THROWS_AS(learn_on(other), Error);
  write_mapping(path, whole.mapping);
  REQUIRE_THROWS_AS(read_checkpoint(path), Error);
}
