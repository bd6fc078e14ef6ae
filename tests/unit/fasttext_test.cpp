// Models made byte by byte; tests/fasttext holds the reader against the fasttext program.
#include "support/catch.hpp"
#include "support/temporary_folder.h"

#include <xalign/error.h>
#include <xalign/subword.h>
#include <xalign/vectors_io.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

using Catch::Contains;
using xalign::Error;
using xalign::Index;
using xalign::read_vectors;
using xalign::ReadOptions;
using xalign::RowVector;
using xalign::SubwordModel;
using xalign::test::TemporaryFolder;

namespace {

constexpr std::int32_t kDimension = 2, kBuckets = 5;

struct ModelBytes {
  std::int32_t magic = 793712314, version = 12, buckets = kBuckets, min_length = 2, max_length = 3;
  std::int64_t pruned = -1, rows = 3 + kBuckets, columns = kDimension;
  std::int8_t quantised = 0, type = 0;
  std::vector<std::pair<std::string, std::int64_t>> words = {{"ab", 9}, {"</s>", 7}, {"é", 2}};

  /// Row r of the input matrix is (r, 10 r).
  std::string text() const {
    std::string out;
    const auto add = [&](auto number) {
      out.append(reinterpret_cast<const char*>(&number), sizeof number);
    };
    add(magic), add(version), add(kDimension);
    for (int i = 0; i < 6; ++i) add(std::int32_t{1});
    add(std::int32_t{2}), add(buckets), add(min_length), add(max_length), add(std::int32_t{100});
    add(1e-4);
    const auto count = static_cast<std::int32_t>(words.size());
    add(count), add(count), add(std::int32_t{0}), add(std::int64_t{18}), add(pruned);
    for (const auto& [word, seen] : words) {
      out += word + '\0';
      add(seen);
      add(type);
    }
    add(quantised), add(rows), add(columns);
    for (std::int64_t row = 0; row < count + kBuckets; ++row) {
      add(static_cast<float>(row));
      add(static_cast<float>(10 * row));
    }
    return out;
  }
};

std::string message_of(const std::string& path, const ReadOptions& options = {}) {
  try {
    read_vectors(path, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

/// The mean of the first numbers of rows of words and n-grams.
float mean_row(std::string_view word, int row) {
  float sum = static_cast<float>(std::max(row, 0));
  float parts = row < 0 ? 0 : 1;
  for (const std::uint32_t bucket :
       xalign::find_ngram_buckets(word, {.min_length = 2, .max_length = 3, .buckets = kBuckets})) {
    sum += static_cast<float>(3 + bucket);
    ++parts;
  }
  return sum / parts;
}

}  // namespace

TEST_CASE("the vector of a word is the mean of its row and those of its n-grams") {
  const TemporaryFolder folder;
  const std::string path = folder.file("f.bin", ModelBytes{}.text());
  const auto read = read_vectors(path).embeddings;
  REQUIRE(read.size() == 3);
  REQUIRE(std::abs(read.vectors(0, 0) - mean_row("ab", 0)) < 1e-5F);
  REQUIRE(read.vectors(1, 0) == 1);  // the end of a sentence has no n-grams
  REQUIRE(std::abs(read.vectors(2, 0) - mean_row("é", 2)) < 1e-5F);
  REQUIRE(std::abs(read.vectors(2, 1) - 10 * mean_row("é", 2)) < 1e-5F);
  const auto model = SubwordModel::open(path);
  REQUIRE(model->vector("é") == read.vectors.row(2));
  REQUIRE(std::abs(model->vector("unseen")[0] - mean_row("unseen", -1)) < 1e-5F);
  RowVector vector(kDimension);
  ModelBytes plain;
  plain.max_length = 0;
  const auto without = SubwordModel::open(folder.file("g.bin", plain.text()));
  REQUIRE_FALSE(without->find_vector("unseen", vector));
  REQUIRE(vector.isZero());
  REQUIRE(without->find_vector("é", vector));
  REQUIRE(vector[0] == 2);
}

TEST_CASE("counts of a fastText model select words") {
  const TemporaryFolder folder;
  const std::string path = folder.file("f.bin", ModelBytes{}.text());
  ReadOptions options;
  options.min_count = 7;
  REQUIRE(read_vectors(path, options).embeddings.size() == 2);
  options.max_vocab = 1;
  REQUIRE(read_vectors(path, options).report.stopped_early);
}

TEST_CASE("bad fastText models get their message") {
  const TemporaryFolder folder;
  const auto message = [&](const ModelBytes& bytes) {
    return message_of(folder.file("f.bin", bytes.text()));
  };
  const auto with = [](auto member, auto value) {
    ModelBytes bytes;
    bytes.*member = value;
    return bytes;
  };
  REQUIRE_THAT(message(with(&ModelBytes::version, 13)), Contains("of version 13 (expected 11 or"));
  REQUIRE_THAT(message(with(&ModelBytes::buckets, -1)), Contains("of -1 buckets"));
  REQUIRE_THAT(message(with(&ModelBytes::buckets, 0)), Contains("of 0 buckets"));
  REQUIRE_THAT(message(with(&ModelBytes::pruned, std::int64_t{4})), Contains("pruned fastText"));
  REQUIRE_THAT(message(with(&ModelBytes::quantised, std::int8_t{1})),
               Contains("quantised fastText"));
  REQUIRE_THAT(message(with(&ModelBytes::rows, std::int64_t{9})), Contains("a 9 x 2 matrix"));
  REQUIRE_THAT(message(with(&ModelBytes::columns, std::int64_t{3})), Contains("a 8 x 3 matrix"));
  REQUIRE_THAT(message(with(&ModelBytes::type, std::int8_t{1})), Contains("damaged words"));
  REQUIRE_THAT(message(with(&ModelBytes::words, decltype(ModelBytes::words)())),
               Contains("without words"));
  // No length lies between: no n-grams.
  REQUIRE_FALSE(SubwordModel::open(folder.file("f.bin", with(&ModelBytes::min_length, 4).text()))
                    ->ngram_table());
  const std::string whole = ModelBytes{}.text();
  for (std::size_t size = 8; size < whole.size(); size += 7)
    REQUIRE_THAT(message_of(folder.file("f.bin", whole.substr(0, size))), Contains("cut short"));
  ReadOptions options;
  options.format = xalign::VectorFormat::fasttext_bin;
  REQUIRE_THAT(message_of(folder.file("f.bin", "1 1\na 1\n"), options),
               Contains("what looks like vec (expected fasttext-bin"));
}

TEST_CASE("the output matrix of a fastText model is held against the end of the file") {
  const TemporaryFolder folder;
  const auto message = [&](const std::string& bytes) {
    return message_of(folder.file("f.bin", bytes));
  };
  const auto output_matrix = [](std::int8_t quantised, std::int64_t rows, std::int64_t columns) {
    std::string bytes(1, static_cast<char>(quantised));
    bytes.append(reinterpret_cast<const char*>(&rows), sizeof rows);
    bytes.append(reinterpret_cast<const char*>(&columns), sizeof columns);
    return bytes;
  };
  const std::string vectors = ModelBytes{}.text();
  const std::string whole =
      vectors + output_matrix(0, 3, kDimension) + std::string(3 * kDimension * sizeof(float), '\0');
  REQUIRE(message(vectors) == "no error");
  REQUIRE(message(vectors + output_matrix(0, 0, kDimension)) == "no error");
  REQUIRE(message(whole) == "no error");
  for (std::size_t size = vectors.size() + 1; size < whole.size(); ++size)
    REQUIRE_THAT(message(whole.substr(0, size)), Contains("cut short"));
  REQUIRE_THAT(message(whole + "ab"), Contains("and 2 more bytes after its end"));
  for (const auto& [rows, columns] : {std::pair{3, 3}, {-1, 2}, {0, -2}})
    REQUIRE_THAT(message(vectors + output_matrix(0, rows, columns)), Contains("output matrix"));
  REQUIRE_THAT(message(vectors + output_matrix(1, 3, 2)), Contains("output matrix"));
}
