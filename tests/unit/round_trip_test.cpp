// Whatever is written in a format is read back: the same bits, or what the format's page promises.
#include "support/catch.hpp"
#include "support/embeddings.h"
#include "support/temporary_folder.h"

#include <xalign/error.h>
#include <xalign/random.h>
#include <xalign/vectors_io.h>

#include <Eigen/Core>
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <vector>

using xalign::ArrayType;
using xalign::Embeddings;
using xalign::Error;
using xalign::Index;
using xalign::Random;
using xalign::read_vectors;
using xalign::ReadResult;
using xalign::StoreType;
using xalign::VectorFormat;
using xalign::write_vectors;
using xalign::WriteOptions;
using xalign::test::require_same;
using xalign::test::TemporaryFolder;

namespace {

struct Way {
  std::string extension;  // of the file
  WriteOptions options;
  bool compressible = true;
  bool blanks = true;  // words may hold them
  // The largest difference that a number of a row may have; nothing = the same bits.
  std::function<float(float number, float largest)> error = {};
};

std::vector<Way> ways() {
  const auto to = [](VectorFormat format) {
    WriteOptions options;
    options.format = format;
    return options;
  };
  const auto array = [](ArrayType type) {
    WriteOptions options;
    options.array = type;
    return options;
  };
  const auto store = [](StoreType type) {
    WriteOptions options;
    options.store.type = type;
    return options;
  };
  const auto precise = [](int digits) {
    WriteOptions options;
    options.precision = digits;
    return options;
  };
  // Half of the last of 11 bits, and of the smallest number above zero.
  const auto half = [](float number, float) { return std::max(std::abs(number) / 2048, 0x1p-25F); };
  // Half a step, and the roundings of step and product.
  const auto quarter = [](float, float largest) { return largest / 254 * 1.0001F; };
  return {
      {"vec", {}, true, false},
      {"w2v", {}, true, false},
      {"txt", {}, true, false},
      {"vec", precise(9), true, false,
       [](float x, float) { return 5.01e-10F + std::abs(x) * 0x1p-23F; }},
      {"vec", precise(3), true, false,
       [](float x, float) { return 5.01e-4F + std::abs(x) * 0x1p-23F; }},
      {"bin", {}, true, false},
      {"bin", to(VectorFormat::fasttext_bin), true, false},
      {"npy", {}},
      {"npy", array(ArrayType::f64)},
      {"npy", array(ArrayType::f16), true, true, half},
      {"safetensors", {}},
      {"safetensors", array(ArrayType::f64)},
      {"safetensors", array(ArrayType::f16), true, true, half},
      {"xvec", {}, false},
      {"xvec", store(StoreType::f16), false, true, half},
      {"xvec", store(StoreType::int8), false, true, quarter},
  };
}

/// Words and numbers of all kinds.
Embeddings odd_embeddings(Random& random, bool blanks) {
  const auto rows = static_cast<Index>(1 + random.below(40));
  const auto dimension = static_cast<Eigen::Index>(2 + random.below(40));
  const std::vector<std::string> kinds = {
      "w",     "ж",   "語",           "0",   "-1.5", "\xf0\x9f\x98\x80", "</s>", "#",
      "\"q\"", "a,b", "\xe2\x80\x8b", "nan", "\\t"};
  Embeddings made;
  while (made.size() < rows) {
    std::string word = kinds[random.below(kinds.size())];
    if (blanks && random.below(3) == 0) word += ' ';
    word += fmt::format("{}", made.size());
    made.words.insert(word);
  }
  made.vectors.resize(rows, dimension);
  const std::vector<float> special = {0.0F, -0.0F, 1.0F, -1.0F, 0.1F, 1e-7F, 123.456F, 6.1e-5F};
  for (Eigen::Index i = 0; i < made.vectors.size(); ++i)
    made.vectors.data()[i] = random.below(4) == 0 ? special[random.below(special.size())]
                                                  : static_cast<float>(random.normal());
  return made;
}

/// Any float of which a row can have some dozens: a store keeps its length as a float.
float any_float(Random& random) {
  for (;;) {
    const auto bits = static_cast<std::uint32_t>(random.below(std::uint64_t{1} << 32));
    const auto number = std::bit_cast<float>(bits);
    if (std::abs(number) < 1e37F) return number;
  }
}

void require_near(const Embeddings& read, const Embeddings& written, const Way& way) {
  REQUIRE(read.size() == written.size());
  REQUIRE(read.dimension() == written.dimension());
  for (Index i = 0; i < read.size(); ++i) {
    REQUIRE(read.words[i] == written.words[i]);
    const float largest = written.vectors.row(i).cwiseAbs().maxCoeff();
    for (Eigen::Index j = 0; j < read.dimension(); ++j) {
      const float number = written.vectors(i, j);
      INFO(number << " became " << read.vectors(i, j));
      REQUIRE(std::abs(read.vectors(i, j) - number) <= way.error(number, largest));
    }
  }
}

}  // namespace

TEST_CASE("every format gives back what was written") {
  const TemporaryFolder folder;
  Random random(7);
  int files = 0;
  for (const Way& way : ways())
    for (int round = 0; round < 8; ++round) {
      const Embeddings written = odd_embeddings(random, way.blanks);
      const std::string compression = way.compressible && round % 4 == 3 ? ".gz" : "";
      const std::string path = folder / fmt::format("{}.{}{}", files++, way.extension, compression);
      INFO(path << ", round " << round);
      write_vectors(path, written, way.options);
      const ReadResult read = read_vectors(path);
      REQUIRE(read.report.duplicates == 0);
      if (way.error)
        require_near(read.embeddings, written, way);
      else
        require_same(read.embeddings, written);
    }
}

TEST_CASE("every float comes back from the formats that keep 32 bits") {
  const TemporaryFolder folder;
  Random random(8);
  Embeddings written;
  for (int i = 0; i < 200; ++i) written.words.insert(fmt::format("w{}", i));
  written.vectors.resize(200, 50);
  for (Eigen::Index i = 0; i < written.vectors.size(); ++i)
    written.vectors.data()[i] = any_float(random);
  int files = 0;
  for (const Way& way : ways()) {
    if (way.error) continue;
    const std::string path = folder / fmt::format("{}.{}", files++, way.extension);
    INFO(path);
    write_vectors(path, written, way.options);
    require_same(read_vectors(path).embeddings, written);
  }
}

TEST_CASE("what a format cannot hold is refused with the word, and nothing is left behind") {
  const TemporaryFolder folder;
  for (const Way& way : ways()) {
    const std::string path = folder / ("bad." + way.extension);
    const auto refuses = [&](const std::string& word, float number) {
      Embeddings bad;
      bad.words.insert("good");
      bad.words.insert(word);
      bad.vectors.setOnes(2, 3);
      bad.vectors(1, 2) = number;
      REQUIRE_THROWS_AS(write_vectors(path, bad, way.options), Error);
      REQUIRE(folder.file_count() == 0);
    };
    INFO(path);
    refuses("nan", std::numeric_limits<float>::quiet_NaN());
    refuses("infinite", std::numeric_limits<float>::infinity());
    refuses("line\nend", 1);
    if (!way.blanks) refuses("two words", 1);
    if (way.options.array == ArrayType::f16 || way.options.store.type == StoreType::f16)
      refuses("large", 1e6F);
  }
}
