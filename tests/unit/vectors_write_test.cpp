#include "support/catch.hpp"
#include "support/matrices.h"
#include "support/temporary_folder.h"

#include <xalign/error.h>
#include <xalign/parallel.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdlib.h>
#include <sys/stat.h>
#include <thread>

using Catch::Contains;
using xalign::Embeddings;
using xalign::Error;
using xalign::Index;
using xalign::read_vectors;
using xalign::VectorFormat;
using xalign::VectorWriter;
using xalign::write_vectors;
using xalign::WriteOptions;
using xalign::test::read_bytes;
using xalign::test::TemporaryFolder;

namespace {

Embeddings sample(Index rows, Eigen::Index dimension) {
  Embeddings embeddings;
  for (Index i = 0; i < rows; ++i) embeddings.words.insert(fmt::format("wört{}", i));
  embeddings.vectors = xalign::test::random_matrix(rows, dimension, 1);
  return embeddings;
}

void require_same(const Embeddings& a, const Embeddings& b) {
  REQUIRE(a.size() == b.size());
  REQUIRE(a.dimension() == b.dimension());
  for (Index i = 0; i < a.size(); ++i) REQUIRE(a.words[i] == b.words[i]);
  REQUIRE(std::memcmp(a.vectors.data(), b.vectors.data(),
                      static_cast<std::size_t>(a.vectors.size()) * sizeof(float)) == 0);
}

std::string read_pipe(const std::string& pipe, const std::function<void()>& write) {
  std::string bytes;
  std::thread reader([&] { bytes = read_bytes(pipe); });
  write();
  reader.join();
  return bytes;
}

}  // namespace

TEST_CASE("what is written is read back bit by bit") {
  const TemporaryFolder folder;
  Embeddings embeddings = sample(3000, 17);
  using Limits = std::numeric_limits<float>;
  embeddings.vectors.row(5).head(8) << 0.0F, -0.0F, Limits::max(), Limits::lowest(), Limits::min(),
      Limits::denorm_min(), 1e-5F, 16777216.0F;
  for (const char* name : {"a.vec", "a.txt", "a.vec.gz", "a.txt.bz2", "a.glove.xz", "a.zst", "a"}) {
    write_vectors(folder / name, embeddings);
    const auto read = read_vectors(folder / name);
    require_same(read.embeddings, embeddings);
    const bool glove = std::string(name).find("txt") < 9 || std::string(name).find("glove") < 9;
    REQUIRE(read.report.format == (glove ? VectorFormat::glove : VectorFormat::vec));
  }
}

TEST_CASE("the text of a small file") {
  const TemporaryFolder folder;
  Embeddings embeddings;
  for (const char* word : {"a", "bc"}) embeddings.words.insert(word);
  embeddings.vectors.resize(2, 2);
  embeddings.vectors << 0.1F, -2, -0.0F, 1e-5F;
  const std::string path = folder / "f.vec";
  write_vectors(path, embeddings);
  REQUIRE(read_bytes(path) == "2 2\na 0.1 -2\nbc -0 1e-05\n");
  WriteOptions options;
  options.precision = 2;
  options.format = VectorFormat::glove;
  write_vectors(path, embeddings, options);
  REQUIRE(read_bytes(path) == "a 0.10 -2.00\nbc -0.00 0.00\n");
}

TEST_CASE("batches, expectations and threads do not change the bytes") {
  const TemporaryFolder folder;
  const Embeddings embeddings = sample(1234, 9);
  write_vectors(folder / "whole.vec", embeddings);
  const std::string expected = read_bytes(folder / "whole.vec");
  using Count = std::optional<std::uint64_t>;
  for (const Count count : {Count{}, Count{0}, Count{1}, Count{1234}, Count{1'000'000'000}})
    for (const int threads : {1, 3}) {
      const xalign::ThreadLimit limit(threads);
      WriteOptions options;
      options.expected_rows = count;
      for (const std::string name : {"batches.vec", "batches.vec.gz"}) {
        VectorWriter writer(folder / name, 9, options);
        for (Index begin = 0; begin < 1234; begin += 100) {
          const Index rows = std::min(100, 1234 - begin);
          xalign::Vocabulary words;
          for (Index i = begin; i < begin + rows; ++i) words.insert(embeddings.words[i]);
          writer.write(words, embeddings.vectors.middleRows(begin, rows));
        }
        writer.close();
      }
      REQUIRE(read_bytes(folder / "batches.vec") == expected);
      require_same(read_vectors(folder / "batches.vec.gz").embeddings, embeddings);
    }
}

TEST_CASE("a pipe gets the right header, too") {
  const TemporaryFolder folder;
  const Embeddings embeddings = sample(50, 3);
  write_vectors(folder / "f.vec", embeddings);
  const std::string pipe = folder / "pipe", expected = read_bytes(folder / "f.vec");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  REQUIRE(read_pipe(pipe, [&] { write_vectors(pipe, embeddings); }) == expected);
  REQUIRE(read_pipe(pipe, [&] {
            WriteOptions options;
            options.expected_rows = 99;
            VectorWriter writer(pipe, 3, options);
            writer.write(embeddings.words, embeddings.vectors);
            writer.close();
          }) == expected);
}

TEST_CASE("a first word that begins like a byte order mark is read back") {
  const TemporaryFolder folder;
  Embeddings embeddings;
  embeddings.words.insert("\xef\xbb\xbfword");
  embeddings.words.insert("word");
  embeddings.vectors = xalign::Matrix::Identity(2, 2);
  for (const char* name : {"a.vec", "a.txt", "a.npy", "a.safetensors", "a.bin", "a.xvec"}) {
    write_vectors(folder / name, embeddings);
    require_same(read_vectors(folder / name).embeddings, embeddings);
  }
}

TEST_CASE("what cannot be written leaves nothing behind") {
  const TemporaryFolder folder;
  const auto message_of = [&](const Embeddings& embeddings, const WriteOptions& options = {}) {
    try {
      write_vectors(folder / "f.vec", embeddings, options);
    } catch (const Error& error) {
      REQUIRE(folder.file_count() == 0);
      return std::string(error.what());
    }
    return std::string("no error");
  };
  for (const char* word : {"New York", "a\tb", "a\nb", "a\r", ""}) {
    Embeddings embeddings = sample(2, 3);
    embeddings.words.insert(word);
    embeddings.vectors.conservativeResize(3, 3);
    embeddings.vectors.row(2).setZero();
    REQUIRE_THAT(message_of(embeddings), Contains("f.vec: ") && Contains("expected words without"));
  }
  for (const int threads : {1, 4}) {
    const xalign::ThreadLimit limit(threads);
    Embeddings embeddings = sample(40000, 3);
    embeddings.vectors(7, 1) = std::nanf("");
    embeddings.vectors(39999, 1) = std::numeric_limits<float>::infinity();
    REQUIRE_THAT(message_of(embeddings), Contains("number 2 of 'wört7' is nan"));
  }
  WriteOptions options;
  options.precision = 10;
  REQUIRE_THAT(message_of(sample(2, 2), options), Contains("precision: 10"));
  REQUIRE_THAT(message_of(Embeddings{}), Contains("without numbers"));
}
