// Scores on real vectors against those of an independent reference (numpy, the definitions written
// down; unit,center,unit; every covered training pair once; CSLS over all words). Needs the folder
// of real vectors named by XALIGN_SHARED_DATA; status 77 (skipped) without it.
#include <xalign/bli.h>
#include <xalign/learn.h>
#include <xalign/lexicon_io.h>
#include <xalign/translation.h>
#include <xalign/vectors_io.h>

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

using namespace xalign;

namespace {

struct Case {
  const char* source;
  const char* target;
  const char* train;
  const char* test;
  const char* method;
  std::array<double, 6> reference;  // percent: nn P@1, P@5, P@10, csls P@1, P@5, P@10
};

const Case kCases[] = {
    {"ru.web",
     "fr.web",
     "xling/ru-fr/train.5k.tsv",
     "xling/ru-fr/test.2k.tsv",
     "procrustes",
     {35.76, 55.61, 61.95, 37.94, 57.28, 64.35}},
    {"ru.web",
     "fr.web",
     "xling/ru-fr/train.5k.tsv",
     "xling/ru-fr/test.2k.tsv",
     "multistep",
     {37.94, 58.94, 65.28, 41.89, 61.12, 67.46}},
    {"ru.web",
     "fr.web",
     "xling/ru-fr/train.1k.tsv",
     "xling/ru-fr/test.2k.tsv",
     "procrustes",
     {21.1, 39.4, 46.78, 24.22, 40.96, 48.65}},
    {"ru.web",
     "fr.web",
     "xling/ru-fr/train.1k.tsv",
     "xling/ru-fr/test.2k.tsv",
     "multistep",
     {21.1, 38.67, 46.47, 23.7, 41.89, 49.38}},
    {"fi.web",
     "ru.web",
     "xling/fi-ru/train.5k.tsv",
     "xling/fi-ru/test.2k.tsv",
     "procrustes",
     {16.33, 32.17, 38.9, 20.07, 38.15, 43.52}},
    {"fi.web",
     "ru.web",
     "xling/fi-ru/train.5k.tsv",
     "xling/fi-ru/test.2k.tsv",
     "multistep",
     {18.58, 34.16, 41.02, 22.44, 39.9, 46.13}},
    {"de.novels",
     "it.novels",
     "xling/de-it/train.5k.tsv",
     "xling/de-it/test.2k.tsv",
     "procrustes",
     {8.2, 15.22, 19.32, 11.71, 20.98, 26.24}},
    {"de.novels",
     "it.novels",
     "xling/de-it/train.5k.tsv",
     "xling/de-it/test.2k.tsv",
     "multistep",
     {9.07, 19.02, 24.59, 13.07, 25.76, 30.24}},
    {"en.novels",
     "es.novels",
     "muse/en-es.0-5000.tsv",
     "muse/en-es.5000-6500.tsv",
     "procrustes",
     {18.76, 37.03, 44.98, 24.78, 42.78, 49.76}},
    {"en.novels",
     "es.novels",
     "muse/en-es.0-5000.tsv",
     "muse/en-es.5000-6500.tsv",
     "multistep",
     {28.04, 46.7, 53.88, 33.11, 51.2, 58.18}},
    {"en.novels",
     "it.novels",
     "dinu/en-it.train.txt",
     "dinu/en-it.test.txt",
     "procrustes",
     {10.37, 22.41, 29.26, 13.15, 29.07, 35.74}},
    {"en.novels",
     "it.novels",
     "dinu/en-it.train.txt",
     "dinu/en-it.test.txt",
     "multistep",
     {16.48, 30.56, 38.7, 20.37, 36.3, 44.26}},
};

constexpr double kTolerance = 0.2;  // points: one query, which rounding may decide

/// Vector files are read once; several cases share them.
const Embeddings& vectors(const std::string& path) {
  static std::map<std::string, Embeddings> files;
  const auto [file, added] = files.try_emplace(path);
  if (added) file->second = read_vectors(path).embeddings;
  return file->second;
}

std::array<double, 6> measure(const std::string& folder, const Case& c) {
  Embeddings source = vectors(fmt::format("{}/vectors/{}.vec.xz", folder, c.source));
  Embeddings target = vectors(fmt::format("{}/vectors/{}.vec.xz", folder, c.target));
  const auto lexicon = [&](const char* name) {
    return read_lexicon(fmt::format("{}/lexicons/{}", folder, name)).lexicon;
  };
  const auto seeds = index_lexicon(lexicon(c.train), source.words, target.words);
  learn_mapping(source, target, seeds.pairs, make_method(c.method));
  const Space space = make_space(std::move(source), std::move(target));
  const auto queries = make_bli_queries(lexicon(c.test), space.source.words, space.target.words);
  const auto result =
      evaluate_bli(space.source.vectors, space.target.vectors, queries, {.resamples = 0});
  std::array<double, 6> scores{};
  for (std::size_t i = 0; i < 6; ++i)
    scores[i] = 100 * result.retrievals[i / 3].precision[i % 3].covered;
  return scores;
}

}  // namespace

int main() {
  const char* variable = std::getenv("XALIGN_SHARED_DATA");
  const std::string folder = variable ? variable : XALIGN_DEFAULT_SHARED_DATA;
  if (!std::filesystem::is_directory(folder + "/vectors")) {
    fmt::print("skipped: no real vectors in {} (set XALIGN_SHARED_DATA)\n", folder);
    return 77;
  }
  bool good = true;
  for (const Case& c : kCases) {
    const auto scores = measure(folder, c);
    fmt::print("{} {} {} {}:", c.source, c.target, c.train, c.method);
    for (std::size_t i = 0; i < 6; ++i) {
      const bool close = std::abs(scores[i] - c.reference[i]) <= kTolerance;
      fmt::print(" {:.2f}{}", scores[i],
                 close ? "" : fmt::format(" (reference {})", c.reference[i]));
      good = good && close;
    }
    fmt::print("\n");
  }
  return good ? 0 : 1;
}
