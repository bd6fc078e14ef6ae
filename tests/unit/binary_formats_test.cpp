#include "io/output_file.h"
#include "support/catch.hpp"
#include "support/embeddings.h"
#include "support/temporary_folder.h"
#include "support/vector_files.h"

#include <xalign/error.h>
#include <xalign/subword.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using Catch::Contains;
using xalign::Embeddings;
using xalign::Error;
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

namespace {

std::string npy(const std::string& dictionary, const std::string& numbers) {
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(dictionary.size());
  header += '\0';
  return header + dictionary + numbers;
}

std::string npy(const std::string& type, bool columns_first, const std::string& shape,
                const std::string& numbers) {
  return npy(fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}\n", type,
                         columns_first ? "True" : "False", shape),
             numbers);
}

template <class Number>
std::string raw(const std::vector<Number>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)};
}

std::string safetensors(const std::string& header, const std::string& numbers) {
  const std::uint64_t length = header.size();
  return raw(std::vector{length}) + header + numbers;
}

std::vector<float> numbers_of(const std::string& path, const ReadOptions& options = {}) {
  const xalign::Matrix vectors = read_vectors(path, options).embeddings.vectors;
  return {vectors.data(), vectors.data() + vectors.size()};
}

}  // namespace

TEST_CASE("matrices and their words are read as written") {
  const TemporaryFolder folder;
  const Embeddings embeddings = sample_embeddings(700, 11);
  for (const char* name : {"a.npy", "b.npy.gz", "c.safetensors", "d.safetensors.xz"}) {
    const std::string path = folder / name;
    write_vectors(path, embeddings);
    for (const std::size_t bytes : {1, 1000, 1 << 20}) {
      ReadOptions options;
      options.block_bytes = bytes;
      const auto read = read_vectors(path, options);
      require_same(read.embeddings, embeddings);
      REQUIRE(xalign::to_string(read.report.format) ==
              (path.find("npy") != std::string::npos ? "npy" : "safetensors"));
    }
    xalign::WriteOptions options;
    options.expected_rows = 3;
    xalign::VectorWriter writer(path, 11, options);
    writer.write(embeddings.words, embeddings.vectors);
    writer.close();
    require_same(read_vectors(path).embeddings, embeddings);
  }
  REQUIRE(folder.file_count() == 8);
  REQUIRE(read_bytes(folder / "a.words.txt").starts_with("wört0\nwört1\n"));
}

TEST_CASE("numpy arrays of every type and order, named by number") {
  const TemporaryFolder folder;
  const std::vector<float> expected = {1, -2, 0.5F, 4, 1024, -0.25F};
  const std::vector<float> columns = {1, 4, -2, 1024, 0.5F, -0.25F};
  const std::vector<std::uint16_t> halves = {0x3c00, 0xc000, 0x3800, 0x4400, 0x6400, 0xb400};
  const std::vector<double> doubles(expected.begin(), expected.end());
  std::string big_endian = raw(expected);
  for (std::size_t i = 0; i < big_endian.size(); i += 4)
    std::reverse(big_endian.begin() + static_cast<std::ptrdiff_t>(i),
                 big_endian.begin() + static_cast<std::ptrdiff_t>(i + 4));
  for (const std::string& content :
       {npy("<f4", false, "(2, 3)", raw(expected)), npy("<f4", true, "(2, 3)", raw(columns)),
        npy("<f2", false, "(2, 3)", raw(halves)), npy("<f8", false, "(2, 3)", raw(doubles)),
        npy(">f4", false, "(2, 3)", big_endian)}) {
    const std::string path = folder.file("f", content);
    REQUIRE(numbers_of(path) == expected);
    const Embeddings read = read_vectors(path).embeddings;
    REQUIRE(read.words[0] == "0");
    REQUIRE(read.words[1] == "1");
  }
}

TEST_CASE("numpy arrays whose header is written in other ways are read") {
  const TemporaryFolder folder;
  const std::string six = bytes_of({1, 2, 3, 4, 5, 6});
  for (const char* header : {"{'descr': 'float32', 'fortran_order': False, 'shape': (2, 3), }",
                             "{\"shape\":(2,3),\"fortran_order\":\tFalse,\"descr\":\"<f4\"}",
                             "{'descr':'f4',\n'fortran_order':\nFalse\n,'shape':\n(\t2L,\n3L)}"})
    REQUIRE(numbers_of(folder.file("f.npy", npy(header, six))) ==
            std::vector<float>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("bad numpy arrays get their message") {
  const TemporaryFolder folder;
  const std::string six = bytes_of({1, 2, 3, 4, 5, 6});
  const auto message = [&](const std::string& content) {
    return message_of(folder.file("f.npy", content));
  };
  REQUIRE_THAT(message(npy("<f4", false, "(6,)", six)), Contains("an array with 1 axis "));
  REQUIRE_THAT(message(npy("<f4", false, "(1, 2, 3)", six)), Contains("an array with 3 axes"));
  REQUIRE_THAT(message(npy("<i4", false, "(2, 3)", six)), Contains("an array of type '<i4'"));
  REQUIRE_THAT(message(npy("<f4", false, "(3, 3)", six)), Contains("the array is cut short"));
  REQUIRE_THAT(message(npy("<f4", true, "(3, 3)", six)), Contains("the array is cut short"));
  REQUIRE_THAT(message(npy("<f4", false, "(2, 2)", six)), Contains("more bytes after the array"));
  REQUIRE_THAT(message(npy("<f4", false, "(0, 3)", "")), Contains("an array of 0 x 3"));
  REQUIRE_THAT(message(npy("<f4", false, "(99999999999, 3)", six)), Contains("99999999999 x 3"));
  REQUIRE_THAT(message(npy("{'descr': [('a', '<f4')]}", six)), Contains("an array of records"));
  REQUIRE_THAT(message(npy("{}", six)), Contains("an array without 'descr'"));
  for (const char* flag : {"true", "Trud", "> True", "", "Falsehood"})
    REQUIRE_THAT(
        message(npy(fmt::format("{{'descr': '<f4', 'fortran_order': {}, 'shape': (2, 3), }}", flag),
                    six)),
        Contains("an array of fortran_order '"));
  REQUIRE_THAT(message("\x93NUMPY"), Contains("no numpy array"));
  REQUIRE_THAT(message(npy("<f4", false, "(2, 3)", bytes_of({1, 2, 3, 4, 5, std::nanf("")}))),
               Contains("row 2: number 3 of '1' is nan"));
  for (const bool columns_first : {false, true}) {
    const auto message_of_doubles = [&](double bad) {
      const std::vector<double> numbers = columns_first ? std::vector<double>{1, 4, 2, 5, 3, bad}
                                                        : std::vector<double>{1, 2, 3, 4, 5, bad};
      return message(npy("<f8", columns_first, "(2, 3)", raw(numbers)));
    };
    REQUIRE_THAT(message_of_doubles(-1e39), Contains("row 2: number 3 of '1' is -1e+39") &&
                                                Contains("fit into 32-bit floats"));
    REQUIRE_THAT(message_of_doubles(INFINITY), Contains("row 2: number 3 of '1' is inf"));
  }
  folder.file("f.words.txt", "a\n");
  REQUIRE_THAT(message(npy("<f4", false, "(2, 3)", six)),
               Contains("f.words.txt: 1 words (expected 2, one for each row"));
  folder.file("f.words.txt", "a\nb\nc\n");
  REQUIRE_THAT(message(npy("<f4", false, "(2, 3)", six)), Contains("more than 2 words"));
  folder.file("f.words.txt", "a\n\n");
  REQUIRE_THAT(message(npy("<f4", false, "(2, 3)", six)), Contains("f.words.txt:2: an empty line"));
  folder.file("f.words.txt", "New York\r\nb");
  ReadOptions options;
  REQUIRE(read_vectors(folder / "f.npy").embeddings.words[0] == "New York");
  options.words_file = folder.file("other", "x\ny\n");
  REQUIRE(read_vectors(folder / "f.npy", options).embeddings.words[1] == "y");
}

TEST_CASE("a matrix of a safetensors file is chosen") {
  const TemporaryFolder folder;
  const std::string half = raw(std::vector<std::uint16_t>{0x3f80, 0xc000});
  const std::string path =
      folder.file("f", safetensors(R"({"__metadata__":{"a":"b"},"bias":{"dtype":"F32","shape":[2],)"
                                   R"("data_offsets":[0,8]},"emb":{"dtype":"BF16","shape":[1,2],)"
                                   R"("data_offsets":[8,12]},"ids":{"dtype":"I64","shape":[1,1],)"
                                   R"("data_offsets":[12,20]}})",
                                   bytes_of({9, 9}) + half + "12345678"));
  REQUIRE(numbers_of(path) == std::vector<float>{1, -2});
  ReadOptions options;
  options.tensor = "bias";
  REQUIRE_THAT(message_of(path, options), Contains("bias (F32 2) (expected a matrix"));
  options.tensor = "none";
  REQUIRE_THAT(message_of(path, options), Contains("no tensor 'none'"));
  const std::string two =
      folder.file("g", safetensors(R"({"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},)"
                                   R"("b":{"dtype":"F64","shape":[1,1],"data_offsets":[4,12]}})",
                                   bytes_of({7}) + raw(std::vector{8.5})));
  REQUIRE_THAT(message_of(two), Contains("2 matrices: a (F32 1 x 1), b (F64 1 x 1)"));
  options.tensor = "b";
  REQUIRE(numbers_of(two, options) == std::vector<float>{8.5F});
}

TEST_CASE("bad safetensors files get their message") {
  const TemporaryFolder folder;
  ReadOptions options;
  options.format = VectorFormat::safetensors;
  const auto message = [&](const std::string& header, const std::string& numbers) {
    return message_of(folder.file("f", safetensors(header, numbers)), options);
  };
  const auto tensor = [](const std::string& shape, const std::string& offsets) {
    return fmt::format(R"({{"a":{{"dtype":"F32","shape":{},"data_offsets":{}}}}})", shape, offsets);
  };
  REQUIRE_THAT(message("{\"a\":", ""), Contains("a damaged header"));
  REQUIRE_THAT(message("{\"a\":1}", ""), Contains("a damaged header"));
  REQUIRE_THAT(message("{}", ""), Contains("no tensors"));
  REQUIRE_THAT(message(tensor("[1,1]", "[0,4]"), ""), Contains("cut short"));
  REQUIRE_THAT(message(tensor("[1,1]", "[9,13]"), "1234"), Contains("behind the end"));
  REQUIRE_THAT(message(tensor("[1,1]", "[4,0]"), "1234"), Contains("a (F32 1 x 1) at 4 to 0"));
  REQUIRE_THAT(message(tensor("[2,1]", "[0,4]"), "1234"), Contains("a (F32 2 x 1) at 0 to 4"));
  REQUIRE_THAT(message(tensor("[4611686018427387905,4]", "[0,16]"), "1234"), Contains("at 0 to"));
  REQUIRE_THAT(message(tensor("[-1,1]", "[0,4]"), "1234"), Contains("a damaged number"));
  REQUIRE_THAT(message_of(folder.file("f", "12345678"), options), Contains("no safetensors file"));
  // What follows the matrix has to be there, and nothing else, whether the size of the file tells
  // so or its end.
  const std::string two =
      R"({"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"b":{"dtype":"I8","shape":[3],)"
      R"("data_offsets":[4,7]}})";
  const std::string number = bytes_of({1});
  for (const char* name : {"two", "two.gz"}) {
    const auto message_of_rest = [&](const std::string& rest) {
      xalign::OutputFile file(folder / name);
      file.write(safetensors(two, number + rest));
      file.close();
      return message_of(folder / name, options);
    };
    REQUIRE(message_of_rest("123") == "no error");
    REQUIRE_THAT(message_of_rest("12"), Contains("cut short behind the array"));
    REQUIRE_THAT(message_of_rest("1234"), Contains("more bytes than the header says"));
  }
}

namespace {

const char* const kFloret =
    "12 3 2 4 3 2166136261 < >\n"
    "0 403.84 -3468.1 -3714.6 \n1 -822.41 -777.73 3212.7 \n2 275.46 742.66 -3735.8 \n"
    "3 -156.71 -260.59 -717.98 \n4 -3551.5 -2414.3 2624.2 \n5 -1439.3 1090 1035.3 \n"
    "6 -3527.5 -1143.9 2993.3 \n7 1676.6 -1003.4 2194.8 \n8 -2296.4 -773.59 1169.6 \n"
    "9 1846 -304.13 -5915.6 \n10 4291.8 1834.9 -96.461 \n11 3483.3 3761.5 288.88 \n";

}  // namespace

TEST_CASE("floret tables give the vectors of the floret package") {
  const TemporaryFolder folder;
  const std::string path = folder.file("f.floret", kFloret);
  REQUIRE_THAT(message_of(path), Contains("holds no words") && Contains("--words-file"));
  folder.file("f.words.txt", "kalé\nの\nunseenunseenunseen\nx\n");
  const auto read = read_vectors(path);
  REQUIRE(read.report.format == VectorFormat::floret);
  xalign::Matrix expected(4, 3);
  expected << 246.94264F, 70.92591F, -43.21034F, 990.51624F, 913.68475F, 579.99994F, 158.42812F,
      -128.16537F, -459.40662F, -324.26572F, -326.40344F, 303.99802F;
  REQUIRE((read.embeddings.vectors - expected).cwiseAbs().maxCoeff() < 0.02F);
  const auto model = xalign::SubwordModel::open(path);
  REQUIRE(model->vector("の") == read.embeddings.vectors.row(1));
  REQUIRE_THAT(message_of(folder.file("f.floret", std::string(kFloret).substr(0, 200))),
               Contains("f.floret"));
  REQUIRE_THAT(message_of(folder.file("f.floret", std::string(kFloret) + "12 1 2 3\n")),
               Contains("a header of 12 rows"));
  REQUIRE_THAT(message_of(folder.file("f.floret", "12 3 2 4 9 2166136261 < >\n0 1 2 3\n")),
               Contains("9 hashes"));
}

TEST_CASE("words are selected while they are read") {
  const TemporaryFolder folder;
  const std::string path = folder.file("f", "5 1\nhaus 1\nдом 2\nhaus2 3\n42 4\nмир 5\n");
  const auto words_of = [&](const ReadOptions& options) {
    const Embeddings read = read_vectors(path, options).embeddings;
    std::string words;
    for (Index i = 0; i < read.size(); ++i)
      words += fmt::format("{}={} ", read.words[i], read.vectors(i, 0));
    return words;
  };
  ReadOptions options;
  options.script = "Latin";
  REQUIRE(words_of(options) == "haus=1 haus2=3 ");
  options.script = "Cyrillic";
  REQUIRE(words_of(options) == "дом=2 мир=5 ");
  options.max_vocab = 1;
  REQUIRE(words_of(options) == "дом=2 ");
  options = {};
  auto wanted = std::make_shared<xalign::Vocabulary>();
  for (const char* word : {"42", "haus", "none"}) wanted->insert(word);
  options.vocabulary = wanted;
  REQUIRE(words_of(options) == "haus=1 42=4 ");
  REQUIRE(read_vectors(path, options).report.left_out == 3);
  options.min_count = 2;
  REQUIRE_THAT(message_of(path, options), Contains("which holds no counts"));
  options = {};
  options.script = "Latim";
  REQUIRE_THAT(message_of(path, options), Contains("unknown script 'Latim'"));
}

TEST_CASE("the first rows of a file are read whatever follows them") {
  const TemporaryFolder folder;
  const Embeddings embeddings = sample_embeddings(24, 5);
  const auto tell = [&](const std::string& path, Index words) {
    ReadOptions options;
    options.max_vocab = words;
    const std::string message = message_of(path, options);
    return message == "no error" ? message : message.substr(message.rfind('/') + 1, 40);
  };
  // Only headers of rows and dimension in text can be changed without more.
  for (const std::string name : {"f.vec", "f.vec.gz", "f.bin", "f.bin.gz"}) {
    INFO(name);
    write_vectors(folder / name.substr(0, 5), embeddings);
    const std::string content = read_bytes(folder / name.substr(0, 5)).substr(2);
    const auto with_rows = [&](const std::string& rows) {
      xalign::OutputFile file(folder / name);
      file.write(rows + content);
      file.close();
      return folder / name;
    };
    for (const Index words : {1, 9, 10, 23, 24}) {
      CHECK(tell(with_rows("24"), words) == "no error");
      CHECK((tell(with_rows("10"), words) == "no error") == (words <= 10));
      // A plain binary file would have to be longer.
      if (name != "f.bin") CHECK(tell(with_rows("99"), words) == "no error");
      if (name == "f.bin")
        CHECK(tell(with_rows("99"), words).starts_with("f.bin: the file is cut short"));
    }
    CHECK(tell(with_rows("24"), 25) == "no error");
    CHECK(tell(with_rows("10"), 25) != "no error");
    CHECK(tell(with_rows("99"), 25) != "no error");
  }
  for (const std::string name : {"f.npy", "f.safetensors"}) {
    write_vectors(folder / name, embeddings);
    const std::string content = read_bytes(folder / name);
    const auto repack = [&](const std::string& bytes, const std::string& suffix) {
      xalign::OutputFile file(folder / (name + suffix));
      file.write(bytes);
      file.close();
      return folder / (name + suffix);
    };
    const std::string cut = content.substr(0, content.size() - 1), more = content + "more";
    for (const Index words : {1, 23}) {
      CHECK(tell(repack(cut, ""), words).find(": the array is cut") != std::string::npos);
      CHECK(tell(repack(more, ""), words).find(": more bytes") != std::string::npos);
      CHECK(tell(repack(cut, ".gz"), words) == "no error");
      CHECK(tell(repack(more, ".gz"), words) == "no error");
    }
    CHECK(tell(repack(more, ".gz"), 24) == "no error");
    CHECK(tell(repack(more, ".gz"), 25) != "no error");
    CHECK(tell(repack(cut, ".gz"), 24) != "no error");
  }
}

TEST_CASE("a name whose extension no format has is refused") {
  REQUIRE(xalign::output_format("a.vec.gz") == VectorFormat::vec);
  REQUIRE(xalign::output_format("dir.d/a") == VectorFormat::vec);
  REQUIRE(xalign::output_format("a.npy") == VectorFormat::npy);
  REQUIRE(xalign::output_format("a.h5", VectorFormat::glove) == VectorFormat::glove);
  try {
    xalign::output_format("a.h5");
    FAIL("no error");
  } catch (const Error& error) {
    REQUIRE_THAT(error.what(), Contains("extension .h5 (expected .npy,") && Contains("--to"));
  }
}
