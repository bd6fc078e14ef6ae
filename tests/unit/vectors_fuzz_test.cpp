// Mutated files either read or give an Error: never a crash, never another answer by another way.
#include "support/catch.hpp"
#include "support/temporary_folder.h"

#include <xalign/error.h>
#include <xalign/lexicon_io.h>
#include <xalign/parallel.h>
#include <xalign/random.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>

#include <cmath>
#include <vector>

using xalign::Random;
using xalign::test::TemporaryFolder;

namespace {

using namespace std::string_literals;

const std::vector<std::string> kTokens = {"\n",
                                          "\r\n",
                                          " ",
                                          "  ",
                                          "\t",
                                          "\0"s,
                                          "nan",
                                          "inf",
                                          "-",
                                          "1e400",
                                          "e",
                                          ".",
                                          "0x10",
                                          "\xff",
                                          "\xef\xbb\xbf",
                                          "5 3\n",
                                          "\n\n",
                                          "1e-400",
                                          "99999999999999999999",
                                          "\"",
                                          ",",
                                          "#",
                                          "a b",
                                          "-0",
                                          "+1",
                                          "BZh9",
                                          "PK\x03\x04"};

std::string valid_vectors(Random& random) {
  const std::uint64_t rows = 1 + random.below(6), dimension = 1 + random.below(30);
  std::string text = random.below(4) > 0 ? fmt::format("{} {}\n", rows, dimension) : "";
  for (std::uint64_t i = 0; i < rows; ++i) {
    text += fmt::format("w{}", i);
    for (std::uint64_t j = 0; j < dimension; ++j) text += fmt::format(" {:.4f}", random.normal());
    text += '\n';
  }
  return text;
}

std::string valid_lexicon(Random& random) {
  const std::string separator = std::vector<std::string>{" ", "\t", ","}[random.below(3)];
  std::string text;
  for (std::uint64_t i = 0, count = 1 + random.below(6); i < count; ++i)
    text +=
        fmt::format("s{}{}t{}{}\n", i, separator, i, random.below(3) == 0 ? separator + "2" : "");
  return text;
}

void mutate(std::string& text, Random& random) {
  const std::size_t at = random.below(text.size() + 1);
  switch (random.below(5)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(random.below(256));
      break;
    case 1:
      text.resize(at);
      break;
    case 2:
      text.erase(at, random.below(10));
      break;
    case 3:
      text.insert(at, text.substr(random.below(text.size() + 1), random.below(20)));
      break;
    default:
      text.insert(at, kTokens[random.below(kTokens.size())]);
  }
}

/// All that can be seen of a result, or the error's message.
std::string outcome(const std::string& path, const xalign::ReadOptions& options) {
  try {
    const auto read = xalign::read_vectors(path, options);
    const auto& vectors = read.embeddings.vectors;
    REQUIRE(read.embeddings.size() == vectors.rows());
    REQUIRE(vectors.array().isFinite().all());
    return fmt::format("{} rows, {} kept, {}", read.report.rows, vectors.rows(),
                       fingerprint(read.embeddings));
  } catch (const xalign::Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("mutated vector files read the same in every way or are refused") {
  const TemporaryFolder folder;
  Random random(1);
  int good = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string text = valid_vectors(random);
    for (std::uint64_t n = random.below(4); n > 0; --n) mutate(text, random);
    const std::string path = folder.file("f", text);
    xalign::ReadOptions options;
    options.strict = random.below(4) == 0;
    options.max_vocab = static_cast<xalign::Index>(random.below(2) * random.below(8));
    const std::string expected = outcome(path, options);
    options.block_bytes = 1 + random.below(100);
    const xalign::ThreadLimit limit(1 + static_cast<int>(random.below(3)));
    INFO(text);
    REQUIRE(outcome(path, options) == expected);
    good += expected.find(" kept") != std::string::npos ? 1 : 0;
  }
  REQUIRE(good > 1000);
}

TEST_CASE("mutated dictionaries are read or refused") {
  const TemporaryFolder folder;
  Random random(2);
  int good = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string text = valid_lexicon(random);
    for (std::uint64_t n = random.below(4); n > 0; --n) mutate(text, random);
    INFO(text);
    try {
      for (const auto& entry : xalign::read_lexicon(folder.file("d", text)).lexicon) {
        REQUIRE_FALSE(entry.source.empty());
        REQUIRE_FALSE(entry.target.empty());
        REQUIRE(std::isfinite(entry.weight));
        REQUIRE(entry.weight > 0);
      }
      ++good;
    } catch (const xalign::Error& error) {
      REQUIRE(std::string(error.what()).find('\n') == std::string::npos);
    }
  }
  REQUIRE(good > 1000);
}
