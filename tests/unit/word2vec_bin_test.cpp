#include "support/catch.hpp"
#include "support/embeddings.h"
#include "support/temporary_folder.h"
#include "support/vector_files.h"

#include <xalign/vectors_io.h>

#include <cmath>
#include <string>
#include <utility>

using Catch::Contains;
using xalign::Embeddings;
using xalign::Index;
using xalign::read_vectors;
using xalign::ReadOptions;
using xalign::VectorFormat;
using xalign::write_vectors;
using xalign::test::bytes_of;
using xalign::test::message_of;
using xalign::test::read_bytes;
using xalign::test::require_same;
using xalign::test::sample_embeddings;
using xalign::test::TemporaryFolder;

TEST_CASE("word2vec binary is read as written, in blocks of any size") {
  const TemporaryFolder folder;
  for (const auto& [rows, dimension] : {std::pair<Index, Eigen::Index>{500, 7}, {3, 300}, {1, 1}}) {
    const Embeddings embeddings = sample_embeddings(rows, dimension);
    for (const char* name : {"a.bin", "a.bin.gz", "a.bin.zst"}) {
      const std::string path = folder / name;
      write_vectors(path, embeddings);
      for (const std::size_t bytes : {1, 100, 1 << 20}) {
        ReadOptions options;
        options.block_bytes = bytes;
        const auto read = read_vectors(path, options);
        REQUIRE(read.report.format == VectorFormat::word2vec_bin);
        require_same(read.embeddings, embeddings);
      }
    }
  }
}

TEST_CASE("word2vec binary is read without line ends, too") {
  const TemporaryFolder folder;
  const std::string path = folder.file(
      "f", "2 2\nthe " + bytes_of({0.1F, -2}) + "a\xc2\xa0\nb " + bytes_of({1e-30F, 10}));
  const auto read = read_vectors(path);
  REQUIRE(read.report.format == VectorFormat::word2vec_bin);
  REQUIRE(read.embeddings.words[0] == "the");
  REQUIRE(read.embeddings.words[1] == "a\xc2\xa0\nb");
  REQUIRE(read.embeddings.vectors(1, 1) == 10);
  ReadOptions options;
  options.max_vocab = 1;
  REQUIRE(read_vectors(path, options).report.stopped_early);
}

TEST_CASE("bad word2vec binary files get their message") {
  const TemporaryFolder folder;
  const std::string row = bytes_of({0.1F, -2});
  const auto message = [&](const std::string& content) {
    ReadOptions options;
    options.format = VectorFormat::word2vec_bin;
    return message_of(folder.file("f", content), options);
  };
  REQUIRE_THAT(message(""), Contains("f: no header"));
  REQUIRE_THAT(message("a b c\n"), Contains("f: 'a b c' (expected a first line"));
  REQUIRE_THAT(message("2 2\na " + row), Contains("f: the file is cut short"));
  REQUIRE_THAT(message("2 2\na " + row + "bbbbb " + row.substr(1)),
               Contains("f: row 2 is cut short (expected 2 rows of 2 numbers"));
  REQUIRE_THAT(message("1 2\na " + row + "b " + row), Contains("f: more bytes after 1 rows"));
  REQUIRE_THAT(message("2 2\na " + row + " " + row + "x"), Contains("f, row 2: an empty word"));
  REQUIRE_THAT(message("1 2\na " + bytes_of({1, std::nanf("")})),
               Contains("f, row 1: number 2 of 'a' is nan"));
  REQUIRE_THAT(message("1 2\n " + row), Contains("f, row 1: an empty word"));
  REQUIRE(message("1 2\na " + row + "\n") == "no error");
}

TEST_CASE("a wrong dimension of a word2vec binary file is seen at once") {
  const TemporaryFolder folder;
  Embeddings embeddings = sample_embeddings(60, 7);
  embeddings.words = {};
  for (int i = 0; i < 60; ++i) embeddings.words.insert(fmt::format("w{}", i));
  write_vectors(folder / "f.bin", embeddings);
  const std::string bytes = read_bytes(folder / "f.bin");
  for (const char* header : {"60 6\n", "60 5\n", "30 8\n"}) {
    ReadOptions options;
    options.format = VectorFormat::word2vec_bin;
    options.max_vocab = 1;
    REQUIRE_THAT(message_of(folder.file("f", header + bytes.substr(5)), options),
                 Contains("is the dimension in the first line right?"));
  }
}

TEST_CASE("the longest word of word2vec binary is read back, longer ones are not written") {
  const TemporaryFolder folder;
  Embeddings embeddings = sample_embeddings(2, 3);
  for (const std::size_t bytes : {1, 10'000, 20'000, 65'536, 65'537}) {
    embeddings.words = {};
    embeddings.words.insert(std::string(bytes, 'a'));
    embeddings.words.insert("b");
    for (const char* name : {"a.bin", "a.bin.gz"}) {
      const std::string path = folder / name;
      if (bytes > 65'536) {
        REQUIRE_THROWS_WITH(write_vectors(path, embeddings),
                            Contains("a word of 65537 bytes") && Contains("at most 65536"));
      } else {
        write_vectors(path, embeddings);
        require_same(read_vectors(path).embeddings, embeddings);
      }
    }
  }
}
