// Neighbours of random subsets of real vectors against a full sort of all products in float64, in
// every mode and on every instruction set. Needs the folder of real vectors named by
// XALIGN_SHARED_DATA; status 77 (skipped) without it.
#include "support/brute_topk.h"

#include <xalign/normalize.h>
#include <xalign/parallel.h>
#include <xalign/random.h>
#include <xalign/vectors_io.h>

#include <fmt/core.h>

#include <cstdlib>
#include <filesystem>

using namespace xalign;

namespace {

constexpr int kRounds = 10;
constexpr Index kVocabulary = 10'000;
constexpr const char* kNames[] = {"fi.web", "ru.web", "fr.web", "en.novels", "de.novels"};

Matrix subset(const Matrix& all, Random& random) {
  Matrix rows(static_cast<Eigen::Index>(300 + random.below(1200)), all.cols());
  for (Eigen::Index i = 0; i < rows.rows(); ++i)
    rows.row(i) =
        all.row(static_cast<Eigen::Index>(random.below(static_cast<std::uint64_t>(all.rows()))));
  return rows;
}

long differences(const TopkLists& found, const TopkLists& expected) {
  return (found.index.array() != expected.index.array()).count() +
         (found.score.array() != expected.score.array()).count();
}

}  // namespace

int main() {
  const char* folder = std::getenv("XALIGN_SHARED_DATA");
  const std::filesystem::path vectors =
      std::filesystem::path(folder != nullptr ? folder : XALIGN_DEFAULT_SHARED_DATA) / "vectors";
  std::vector<Matrix> languages;
  for (const char* name : kNames) {
    const auto path = vectors / (std::string(name) + ".vec.xz");
    if (!std::filesystem::exists(path)) {
      fmt::print("skipped: no {}\n", path.string());
      return 77;
    }
    Matrix rows = read_vectors(path.string(), {.max_vocab = kVocabulary}).embeddings.vectors;
    Normalizer::fit(parse_normalize_recipe("unit,center,unit"), rows);
    languages.push_back(std::move(rows));
  }
  Random random(25);
  bool good = true;
  for (int round = 0; round < kRounds; ++round) {
    // Rows drawn twice are ties, which go to the smaller index.
    const std::size_t first = random.below(languages.size());
    const std::size_t second = (first + 1 + random.below(languages.size() - 1)) % languages.size();
    const Matrix source = subset(languages[first], random);
    const Matrix target = subset(languages[second], random);
    const TopkOptions options{.row_k = 1 + static_cast<int>(random.below(30)), .column_k = 10};
    const TopkResult expected = test::brute_topk(source, target, options);
    long wrong = 0;
    int searches = 0;
    for (const std::string& isa : topk_isas())
      for (const TopkMode mode : {TopkMode::float32, TopkMode::int8})
        for (const int threads : {1, 2}) {
          const ThreadLimit limit(threads);
          TopkOptions forced = options;
          forced.mode = mode;
          forced.isa = isa;
          const TopkResult found = find_topk(source, target, forced);
          wrong +=
              differences(found.rows, expected.rows) + differences(found.columns, expected.columns);
          ++searches;
        }
    fmt::print("{} x {} ({}, {}), {} best: {} differences in {} searches\n", source.rows(),
               target.rows(), kNames[first], kNames[second], options.row_k, wrong, searches);
    good = good && wrong == 0;
  }
  return good ? 0 : 1;
}
