// Is the verdict on a run right? Real pairs of languages, with seeds and without, and pairs that
// hold nothing to find: all at one vocabulary size. Whether a run on real vectors went well is told
// by the pairs of a dictionary that it has not seen. Needs the folder of real vectors named by
// XALIGN_SHARED_DATA; status 77 (skipped) without it.
//
//     verdict_test [WORDS [NAME]]   other vocabulary sizes, cases whose name holds NAME
#include <xalign/consistency.h>
#include <xalign/error.h>
#include <xalign/held_out.h>
#include <xalign/learn.h>
#include <xalign/lexicon_io.h>
#include <xalign/random.h>
#include <xalign/vectors_io.h>

#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

using namespace xalign;

namespace {

// Above the first share of unseen words translated rightly a run has found an alignment, below the
// second one it has not; in between either can be said.
constexpr double kFound = 0.10;
constexpr double kNothing = 0.02;

/// What is done to the target side; all but the first leave nothing to find.
enum class Damage {
  none,
  columns,    // the components of every vector in an order of its own
  noise,      // vectors drawn at random
  reversed,   // every word has the vector of another one
  unrelated,  // columns, and words of random letters
};

struct Case {
  const char* source;
  const char* target;
  const char* dictionary;  // all known pairs
  const char* seeds;       // nullptr = none
  Damage damage = Damage::none;
};

constexpr const char* kRuFr = "xling/ru-fr/train.5k.tsv";
constexpr const char* kFiRu = "xling/fi-ru/train.5k.tsv";
constexpr const char* kEnDe = "xling/en-de/train.5k.tsv";
constexpr const char* kEnIt = "dinu/en-it.train.txt";
constexpr const char* kEnEs = "muse/en-es.0-5000.tsv";
constexpr const char* kEnFr = "xling/en-fr/train.5k.tsv";

const Case kCases[] = {
    {"ru.web", "fr.web", kRuFr, nullptr},
    {"ru.web", "fr.web", kRuFr, "xling/ru-fr/train.1k.tsv"},
    {"ru.web", "fr.web", kRuFr, "xling/ru-fr/train.500.tsv"},
    {"fi.web", "ru.web", kFiRu, nullptr},
    {"fi.web", "ru.web", kFiRu, "xling/fi-ru/train.1k.tsv"},
    {"en.novels", "es.novels", kEnEs, nullptr},
    {"en.novels", "de.novels", kEnDe, nullptr},
    {"en.novels", "de.novels", kEnDe, "xling/en-de/train.500.tsv"},
    {"en.novels", "it.novels", kEnIt, nullptr},
    {"en.glove50", "fr.web", kEnFr, nullptr},
    {"en.glove50", "fr.web", kEnFr, "xling/en-fr/train.500.tsv"},
    {"ru.web", "fr.web", kRuFr, nullptr, Damage::columns},
    {"ru.web", "fr.web", kRuFr, nullptr, Damage::noise},
    {"ru.web", "fr.web", kRuFr, nullptr, Damage::reversed},
    {"ru.web", "fr.web", kRuFr, nullptr, Damage::unrelated},
    {"ru.web", "fr.web", kRuFr, "xling/ru-fr/train.1k.tsv", Damage::columns},
    {"ru.web", "fr.web", kRuFr, "xling/ru-fr/train.1k.tsv", Damage::reversed},
    {"en.novels", "de.novels", kEnDe, nullptr, Damage::columns},
    {"en.novels", "de.novels", kEnDe, nullptr, Damage::reversed},
    {"en.novels", "de.novels", kEnDe, "xling/en-de/train.500.tsv", Damage::noise},
    {"en.glove50", "fr.web", kEnFr, nullptr, Damage::noise},
    {"en.glove50", "fr.web", kEnFr, nullptr, Damage::reversed},
    {"en.glove50", "fr.web", kEnFr, "xling/en-fr/train.500.tsv", Damage::reversed},
};

std::string name_of(const Case& c) {
  const char* const damages[] = {"", ", columns shuffled", ", noise", ", reversed",
                                 ", words and vectors unrelated"};
  return fmt::format("{} {}, {}{}", c.source, c.target, c.seeds ? c.seeds : "no seeds",
                     damages[static_cast<int>(c.damage)]);
}

/// Files are read once; several cases share them.
Embeddings vectors(const std::string& folder, const std::string& name, Index words) {
  static std::map<std::string, Embeddings> files;
  const auto [file, added] = files.try_emplace(name);
  if (added) {
    const char* extension = name == "en.glove50" ? "txt" : "vec";
    file->second = read_vectors(fmt::format("{}/vectors/{}.{}.xz", folder, name, extension),
                                {.max_vocab = words})
                       .embeddings;
  }
  return file->second;
}

void damage(Damage kind, Embeddings& side) {
  Random random(7);
  Matrix& rows = side.vectors;
  if (kind == Damage::columns || kind == Damage::unrelated)
    for (Eigen::Index i = 0; i < rows.rows(); ++i)
      for (Eigen::Index j = rows.cols() - 1; j > 0; --j)
        std::swap(
            rows(i, j),
            rows(i, static_cast<Eigen::Index>(random.below(static_cast<std::uint64_t>(j) + 1))));
  if (kind == Damage::noise)
    for (Eigen::Index i = 0; i < rows.size(); ++i)
      rows.data()[i] = static_cast<float>(random.normal());
  if (kind == Damage::reversed) rows = rows.colwise().reverse().eval();
  if (kind != Damage::unrelated) return;
  Vocabulary words;
  while (words.size() < side.size()) {
    std::string word;
    for (auto letters = 4 + random.below(8); letters > 0; --letters)
      word += static_cast<char>('a' + random.below(26));
    words.insert(word);
  }
  side.words = std::move(words);
}

std::vector<WordPair> without_words_of(const std::vector<WordPair>& pairs,
                                       const std::vector<WordPair>& seeds) {
  std::unordered_set<Index> words;
  for (const WordPair& seed : seeds) words.insert(seed.source);
  std::vector<WordPair> rest;
  for (const WordPair& pair : pairs)
    if (!words.contains(pair.source)) rest.push_back(pair);
  return rest;
}

bool judge(const std::string& folder, const Case& c, Index words) {
  Embeddings source = vectors(folder, c.source, words), target = vectors(folder, c.target, words);
  const auto pairs_of = [&](const char* name) {
    return index_lexicon(read_lexicon(fmt::format("{}/lexicons/{}", folder, name)).lexicon,
                         source.words, target.words)
        .pairs;
  };
  std::vector<WordPair> seeds;
  if (c.seeds) seeds = pairs_of(c.seeds);
  auto unseen = without_words_of(pairs_of(c.dictionary), seeds);
  // A run that sees through it and aligns the vectors is right.
  if (c.damage == Damage::reversed)
    for (WordPair& pair : unseen) pair.target = target.size() - 1 - pair.target;
  damage(c.damage, target);
  const auto began = std::chrono::steady_clock::now();
  LearnOptions options;
  options.judge = true;
  options.map_vectors = false;
  const LearnResult learned = learn_mapping(source, target, seeds, make_method("auto"), options);
  const auto seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  const MapPair maps{learned.mapping.source.matrix, learned.mapping.target.matrix, 0};
  const double right = score_held_out(source.vectors, target.vectors, maps, unseen).precision();
  const Verdict& verdict = learned.mapping.learning.verdict.value();
  const bool failed = verdict.outcome == Outcome::failed;
  const bool good = right >= kFound ? !failed : right >= kNothing || failed;
  fmt::print("{}{}: {:.1f} % right, H {:.3f}, null {:.3f}, strength {:.3f}, {}; {:.1f} s\n",
             good ? "" : "WRONG ", name_of(c), 100 * right, verdict.found.held_out, verdict.null,
             verdict.strength(), to_string(verdict.outcome), seconds);
  std::fflush(stdout);
  return good;
}

}  // namespace

int main(int count, char** arguments) {
  const char* variable = std::getenv("XALIGN_SHARED_DATA");
  const std::string folder = variable ? variable : XALIGN_DEFAULT_SHARED_DATA;
  if (!std::filesystem::is_directory(folder + "/vectors")) {
    fmt::print("skipped: no real vectors in {} (set XALIGN_SHARED_DATA)\n", folder);
    return 77;
  }
  const Index words = count > 1 ? std::atoi(arguments[1]) : 4000;
  bool good = true;
  for (const Case& c : kCases)
    if (count < 3 || name_of(c).find(arguments[2]) != std::string::npos)
      good = judge(folder, c, words) && good;
  return good ? 0 : 1;
}
