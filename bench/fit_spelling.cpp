// Fits the coefficients that pairs are chosen by where there are no seeds (pair_confidence.h), on
// language pairs with dictionaries, and writes src/mapping/spelling_coefficients.cpp to standard
// output. Standard error shows how well they transfer: for each language pair the coefficients of
// all others, next to its own and to CSLS alone. See scripts/fit-spelling-model.
#include "mapping/pair_features.h"

#include <xalign/error.h>
#include <xalign/lexicon_io.h>
#include <xalign/linear_maps.h>
#include <xalign/normalize.h>
#include <xalign/spelling_pairs.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace xalign;

constexpr Index kMapWords = 1000;  // dictionary words of the map; the lists are of the others
constexpr Index kCutoff = 20000, kSpellingCutoff = 6000;
constexpr double kL2 = 1e-2;

struct Examples {
  CandidateFeatures features;  // of spread 1
  std::vector<std::uint8_t> gold;

  void append(const Examples& more) {
    const Eigen::Index before = features.values.rows();
    Matrix both(before + more.features.values.rows(), more.features.values.cols());
    if (before > 0) both.topRows(before) = features.values;
    both.bottomRows(more.features.values.rows()) = more.features.values;
    features.values = std::move(both);
    for (std::size_t list = 1; list < more.features.begins.size(); ++list)
      features.begins.push_back(static_cast<std::size_t>(before) + more.features.begins[list]);
    gold.insert(gold.end(), more.gold.begin(), more.gold.end());
  }
};

Embeddings load(const std::string& path) {
  Embeddings embeddings = read_vectors(path).embeddings;
  Normalizer::fit(parse_normalize_recipe("unit,center,unit"), embeddings.vectors);
  return embeddings;
}

/// Lists of the queries of `pairs`.
Examples examples_of(const PairLists& lists, std::vector<std::pair<Index, Index>> pairs) {
  std::sort(pairs.begin(), pairs.end());
  CandidateFeatures all = pair_features(lists);
  const VectorD spread = feature_spread(all);
  for (Eigen::Index feature = 0; feature < spread.size(); ++feature)
    all.values.col(feature) /= static_cast<float>(spread[feature]);
  Examples examples;
  std::vector<Eigen::Index> rows;
  Index last = -1;
  for (const auto& [query, partner] : pairs) {
    if (query == last || query >= lists.forward.rows()) continue;
    last = query;
    const std::size_t begin = all.begins[static_cast<std::size_t>(query)];
    for (std::size_t row = begin; row < all.begins[static_cast<std::size_t>(query) + 1]; ++row) {
      const Index candidate = lists.forward.index(query, static_cast<Eigen::Index>(row - begin));
      rows.push_back(static_cast<Eigen::Index>(row));
      examples.gold.push_back(
          std::binary_search(pairs.begin(), pairs.end(), std::pair(query, candidate)) ? 1 : 0);
    }
    examples.features.begins.push_back(rows.size());
  }
  examples.features.values = all.values(rows, Eigen::all);
  return examples;
}

class LanguagePair {
 public:
  LanguagePair(const std::string& source, const std::string& target, const std::string& dictionary)
      : source_(load(source)),
        target_(load(target)),
        source_keys_(source_.words),
        target_keys_(target_.words) {
    const auto stem = [](const std::string& path) {
      const std::string file = std::filesystem::path(path).filename();
      return file.substr(0, file.find('.'));
    };
    name = stem(source) + "-" + stem(target);
    const IndexedLexicon indexed = index_lexicon(read_lexicon(dictionary).lexicon, source_.words,
                                                 target_.words, CasePolicy::lower);
    require_covered(indexed, dictionary);
    std::set<Index> words;
    for (const WordPair& pair : indexed.pairs) words.insert(pair.source);
    std::set<Index> map_words;
    for (const Index word : words)
      if (map_words.size() < static_cast<std::size_t>(kMapWords)) map_words.insert(word);
    for (const WordPair& pair : indexed.pairs)
      (map_words.contains(pair.source) ? map_pairs_ : other_pairs_).push_back(pair);
  }

  /// A map of dictionary words and two rounds of self-learning; lists of other dictionary words.
  Examples after_seeds() {
    MapPair maps = solve(map_pairs_, 0.3);
    for (int round = 0; round < 2; ++round) maps = next(maps, kCutoff / 2, map_pairs_, 2, 0);
    return examples(maps, kCutoff, other_pairs_);
  }

  /// A map as it is in the first rounds without seeds; lists of all dictionary words.
  Examples after_spelling() {
    const auto alike =
        find_spelling_pairs(source_keys_, target_keys_, {.min_letters = 6, .min_similarity = 0.75});
    MapPair maps = solve(alike, 3);
    for (int round = 0; round < 3; ++round) maps = next(maps, kSpellingCutoff, alike, 1, 0.3);
    std::vector<WordPair> all = map_pairs_;
    all.insert(all.end(), other_pairs_.begin(), other_pairs_.end());
    return examples(maps, kSpellingCutoff, all);
  }

  std::string name;

 private:
  MapPair solve(const std::vector<WordPair>& pairs, double ridge) const {
    return solve_multistep(source_.vectors, target_.vectors, pairs, {.ridge = ridge});
  }

  CslsResult search(const MapPair& maps, Index cutoff, int k) const {
    const auto mapped = [&](const Matrix& rows, const Matrix& map) {
      Matrix unit = rows.topRows(std::min<Eigen::Index>(cutoff, rows.rows())) * map;
      normalize_rows(unit);
      return unit;
    };
    return find_csls(mapped(source_.vectors, maps.source), mapped(target_.vectors, maps.target),
                     {.row_k = k, .column_k = k});
  }

  MapPair next(const MapPair& maps, Index cutoff, const std::vector<WordPair>& trusted,
               float weight, double ridge) const {
    const CslsResult csls = search(maps, cutoff, 1);
    std::vector<WordPair> pairs = trusted;
    for (WordPair& pair : pairs) pair.weight *= weight;
    for (Index i = 0; i < static_cast<Index>(csls.rows.rows()); ++i)
      if (csls.columns.index(csls.rows.index(i, 0), 0) == i)
        pairs.push_back({i, csls.rows.index(i, 0)});
    return solve(pairs, ridge);
  }

  Examples examples(const MapPair& maps, Index cutoff, const std::vector<WordPair>& pairs) const {
    const CslsResult csls = search(maps, cutoff, 10);
    std::vector<std::pair<Index, Index>> forward, backward;
    for (const WordPair& pair : pairs) {
      forward.emplace_back(pair.source, pair.target);
      backward.emplace_back(pair.target, pair.source);
    }
    Examples both = examples_of(
        {csls.rows, csls.columns, csls.source_means, csls.target_means, source_keys_, target_keys_},
        std::move(forward));
    both.append(examples_of(
        {csls.columns, csls.rows, csls.target_means, csls.source_means, target_keys_, source_keys_},
        std::move(backward)));
    return both;
  }

  Embeddings source_, target_;
  SpellingTable source_keys_, target_keys_;
  std::vector<WordPair> map_pairs_, other_pairs_;
};

/// "58.8 % right, loss 1.46" over the lists with a right candidate.
std::string score(const Examples& examples, const VectorD& coefficients) {
  const auto probabilities = listwise_probabilities(examples.features, coefficients);
  double lists = 0, right = 0, loss = 0;
  for (std::size_t list = 0; list < examples.features.lists(); ++list) {
    const auto begin = static_cast<std::ptrdiff_t>(examples.features.begins[list]);
    const auto end = static_cast<std::ptrdiff_t>(examples.features.begins[list + 1]);
    double gold = 0;
    for (auto row = begin; row < end; ++row)
      if (examples.gold[static_cast<std::size_t>(row)] != 0)
        gold += static_cast<double>(probabilities[static_cast<std::size_t>(row)]);
    if (gold == 0) continue;
    const auto best = std::max_element(probabilities.begin() + begin, probabilities.begin() + end);
    lists += 1;
    right += examples.gold[static_cast<std::size_t>(best - probabilities.begin())];
    loss -= std::log(gold);
  }
  return fmt::format("{:4.1f} % right, loss {:.2f}", 100 * right / lists, loss / lists);
}

VectorD fit(const Examples& examples) {
  return fit_listwise(examples.features, examples.gold, {.l2 = kL2});
}

void report_transfer(const std::vector<std::string>& names, const std::vector<Examples>& examples) {
  VectorD csls = VectorD::Zero(static_cast<Eigen::Index>(kPairFeatures.size()));
  csls[2] = -1;  // log rank
  fmt::print(stderr, "{:9} {:28} {:28} {}\n", "", "by CSLS", "fitted on the others",
             "fitted on itself");
  for (std::size_t i = 0; i < names.size(); ++i) {
    Examples others;
    for (std::size_t j = 0; j < names.size(); ++j)
      if (j != i) others.append(examples[j]);
    const VectorD transferred = names.size() > 1 ? fit(others) : csls;
    fmt::print(stderr, "{:9} {:28} {:28} {}\n", names[i], score(examples[i], csls),
               score(examples[i], transferred), score(examples[i], fit(examples[i])));
  }
}

void write_source(const std::vector<std::string>& names, const VectorD& coefficients) {
  fmt::print(
      "// Written by scripts/fit-spelling-model; do not edit. Fitted on the training dictionaries "
      "of\n// {}.\n"
      "#include \"mapping/spelling_coefficients.h\"\n\n"
      "#include \"mapping/pair_features.h\"\n\n"
      "namespace xalign {{\n\n"
      "VectorD default_pair_coefficients(const VectorD& spread) {{\n"
      "  VectorD coefficients(static_cast<Eigen::Index>(kPairFeatures.size()));\n"
      "  coefficients <<",
      fmt::join(names, ", "));
  for (std::size_t i = 0; i < kPairFeatures.size(); ++i)
    fmt::print("{} {:.4f}{}  // {}\n", i == 0 ? "" : "     ",
               coefficients[static_cast<Eigen::Index>(i)], i + 1 < kPairFeatures.size() ? "," : ";",
               kPairFeatures.at(i));
  fmt::print("  return coefficients.cwiseQuotient(spread);\n}}\n\n}}  // namespace xalign\n");
}

int fit_all(const std::vector<std::string>& files) {
  if (files.empty() || files.size() % 3 != 0) {
    fmt::print(stderr, "usage: xalign-fit-spelling SOURCE TARGET DICTIONARY...\n");
    return 2;
  }
  std::vector<std::string> names;
  std::vector<Examples> examples;
  Examples all;
  for (std::size_t i = 0; i < files.size(); i += 3) {
    LanguagePair pair(files[i], files[i + 1], files[i + 2]);
    examples.push_back(pair.after_seeds());
    examples.back().append(pair.after_spelling());
    names.push_back(pair.name);
    all.append(examples.back());
  }
  report_transfer(names, examples);
  write_source(names, fit(all));
  return 0;
}

}  // namespace

int main(int count, char** values) {
  try {
    return fit_all({values + 1, values + count});
  } catch (const std::exception& error) {
    fmt::print(stderr, "xalign-fit-spelling: error: {}\n", error.what());
    return 3;
  }
}
