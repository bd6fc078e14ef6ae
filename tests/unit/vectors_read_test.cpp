#include "io/output_file.h"
#include "support/catch.hpp"
#include "support/temporary_folder.h"

#include <xalign/error.h>
#include <xalign/parallel.h>
#include <xalign/random.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>

#include <cstring>
#include <vector>

using Catch::Contains;
using Catch::EndsWith;
using xalign::Embeddings;
using xalign::Error;
using xalign::Index;
using xalign::read_vectors;
using xalign::ReadOptions;
using xalign::ReadResult;
using xalign::VectorFormat;
using xalign::VectorReader;
using xalign::test::TemporaryFolder;

namespace {

bool same(const Embeddings& a, const Embeddings& b) {
  if (a.size() != b.size() || a.vectors.rows() != b.vectors.rows() ||
      a.dimension() != b.dimension())
    return false;
  for (Index i = 0; i < a.size(); ++i)
    if (a.words[i] != b.words[i]) return false;
  return std::memcmp(a.vectors.data(), b.vectors.data(),
                     static_cast<std::size_t>(a.vectors.size()) * sizeof(float)) == 0;
}

/// The line-by-line twin of the reader, for valid files whose words hold no blanks.
Embeddings read_plainly(const std::string& text, Index max_vocab = 0) {
  Embeddings embeddings;
  std::vector<float> numbers;
  for (std::size_t begin = text.find('\n') + 1; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    const std::size_t blank = line.find(' ');
    if (max_vocab > 0 && embeddings.size() == max_vocab) break;
    if (!embeddings.words.insert(line.substr(0, blank)).second) continue;
    const char* at = line.c_str() + blank;
    for (char* next = nullptr;; at = next) {
      const float number = std::strtof(at, &next);
      if (next == at) break;
      numbers.push_back(number);
    }
  }
  embeddings.vectors = Eigen::Map<xalign::Matrix>(
      numbers.data(), embeddings.size(),
      static_cast<Eigen::Index>(numbers.size()) / std::max(embeddings.size(), 1));
  return embeddings;
}

/// Words of all lengths, some of them twice, numbers of many shapes.
std::string random_file(std::uint64_t seed, int rows, int dimension) {
  xalign::Random random(seed);
  std::string text = fmt::format("{} {}\n", rows, dimension);
  for (int i = 0; i < rows; ++i) {
    text += fmt::format("wörd{:x}", random.below(static_cast<std::uint64_t>(rows) * 4));
    for (int j = 0; j < dimension; ++j) switch (random.below(8)) {
        case 0:
          text += fmt::format(" {:.{}e}", random.normal(), random.below(10));
          break;
        case 1:
          text += fmt::format(" {}", static_cast<float>(random.normal()));
          break;
        default:
          text += fmt::format(" {:.{}f}", random.normal(), random.below(8));
      }
    text += '\n';
  }
  return text;
}

std::string message_of(const std::string& path, const ReadOptions& options = {}) {
  try {
    read_vectors(path, options);
  } catch (const Error& error) {
    REQUIRE(error.kind() == xalign::ErrorKind::data);
    return std::string(error.what()).substr(path.rfind('/') + 1);
  }
  return "no error";
}

}  // namespace

TEST_CASE("any block size, thread number, compression and line end reads the same") {
  const TemporaryFolder folder;
  const std::string text = random_file(1, 500, 7);
  const Embeddings expected = read_plainly(text);
  REQUIRE(expected.size() > 300);
  REQUIRE(expected.size() < 500);
  std::string crlf = "\xef\xbb\xbf";
  for (const char c : text) crlf += c == '\n' ? " \r\n" : std::string(1, c);
  std::vector<std::string> paths = {folder.file("plain.vec", text), folder.file("crlf.vec", crlf),
                                    folder.file("cut.vec", text.substr(0, text.size() - 1)),
                                    folder.file("blank.vec", text + "\n \n\t\r\n"),
                                    folder.file("headless.txt", text.substr(text.find('\n') + 1))};
  for (const char* suffix : {".gz", ".zst"}) {
    paths.push_back(folder / "packed.vec" + suffix);
    xalign::OutputFile file(paths.back());
    file.write(text);
    file.close();
  }
  for (const std::string& path : paths)
    for (const int threads : {1, 2})
      for (const std::size_t bytes : {1, 50, 1000, 1 << 24}) {
        const xalign::ThreadLimit limit(threads);
        ReadOptions options;
        options.block_bytes = bytes;
        const ReadResult read = read_vectors(path, options);
        INFO(path << ", blocks of " << bytes);
        REQUIRE(same(read.embeddings, expected));
        REQUIRE(read.report.rows == 500);
        REQUIRE(read.report.duplicates == 500 - expected.size());
        REQUIRE_FALSE(read.report.stopped_early);
      }
}

TEST_CASE("large files agree with the twin") {
  const TemporaryFolder folder;
  for (const int dimension : {2, 50, 301}) {
    const std::string text = random_file(2, 600'000 / dimension, dimension);
    REQUIRE(same(read_vectors(folder.file("f", text)).embeddings, read_plainly(text)));
  }
}

TEST_CASE("batches make the file") {
  const TemporaryFolder folder;
  const std::string text = random_file(3, 400, 5), path = folder.file("f", text);
  const Embeddings expected = read_plainly(text);
  ReadOptions options;
  options.block_bytes = 500;
  VectorReader reader(path, options);
  Embeddings all;
  xalign::Vocabulary words;
  std::vector<float> numbers;
  int batches = 0;
  for (Embeddings batch; reader.read(batch); batch = {}) {
    REQUIRE(batch.vectors.rows() == batch.size());
    for (Index i = 0; i < batch.size(); ++i) REQUIRE(words.insert(batch.words[i]).second);
    numbers.insert(numbers.end(), batch.vectors.data(),
                   batch.vectors.data() + batch.vectors.size());
    ++batches;
  }
  REQUIRE(batches > 10);
  all.words = words;
  all.vectors = Eigen::Map<xalign::Matrix>(numbers.data(), words.size(), 5);
  REQUIRE(same(all, expected));
  REQUIRE(reader.report().rows == 400);
}

TEST_CASE("the first different words and no more") {
  const TemporaryFolder folder;
  const std::string text = random_file(4, 300, 4);
  const std::string path = folder.file("f", text + "this row is never read");
  const Index different = read_plainly(text).size();
  for (const Index count : {1, 2, 100, different - 1}) {
    for (const std::size_t bytes : {1, 300, 1 << 20}) {
      ReadOptions options;
      options.max_vocab = count;
      options.block_bytes = bytes;
      const ReadResult read = read_vectors(path, options);
      REQUIRE(same(read.embeddings, read_plainly(text, count)));
      REQUIRE(read.report.stopped_early);
    }
  }
  ReadOptions options;
  options.max_vocab = 2;
  REQUIRE_FALSE(
      read_vectors(folder.file("two", "2 2\na 1 2\nb 3 4\n\n"), options).report.stopped_early);
  REQUIRE(
      read_vectors(folder.file("three", "3 2\na 1 2\nb 3 4\nc 5 6"), options).report.stopped_early);
}

TEST_CASE("what the beginning tells") {
  const TemporaryFolder folder;
  const std::string text = random_file(5, 300, 4);
  const VectorReader vec(folder.file("f", text));
  REQUIRE(vec.info().format == VectorFormat::vec);
  REQUIRE(vec.info().rows == 300);
  REQUIRE(vec.info().dimension == 4);
  REQUIRE(vec.info().file_bytes == text.size());
  const VectorReader glove(folder.file("g", text.substr(text.find('\n') + 1)));
  REQUIRE(glove.info().format == VectorFormat::glove);
  REQUIRE_FALSE(glove.info().rows);
  REQUIRE(glove.info().dimension == 4);
  REQUIRE(glove.info().estimated_rows > 200);
  REQUIRE(glove.info().estimated_rows < 450);
}

TEST_CASE("words may be any bytes but the separator") {
  const TemporaryFolder folder;
  const auto words_of = [&](const std::string& text) {
    std::vector<std::string> words;
    const Embeddings read = read_vectors(folder.file("f", text)).embeddings;
    for (Index i = 0; i < read.size(); ++i) words.emplace_back(read.words[i]);
    return words;
  };
  using Words = std::vector<std::string>;
  REQUIRE(words_of("a\xc2\xa0z 1 2\n\xff 3 4\n\"q\" 5 6\n0.5 7 8\nx\ty 9 0") ==
          Words{"a\xc2\xa0z", "\xff", "\"q\"", "0.5", "x\ty"});
  REQUIRE(words_of("New York\t1 2\nSan José\t3\t4\na\t5  6") == Words{"New York", "San José", "a"});
  REQUIRE(words_of("a 1\t2\nb 3\t4") == Words{"a", "b"});
  REQUIRE(words_of("2000 1 2\n1999 3 4") == Words{"2000", "1999"});
  REQUIRE(words_of("a  1   2\t\nb 3 4") == Words{"a", "b"});
}

TEST_CASE("harmless oddities are counted") {
  const TemporaryFolder folder;
  const std::string path =
      folder.file("f", "6 2\na 1 2\n\xff 0 -0\nb 3 4\na 9 9\nb 0 0\n\xfe 1 1\n");
  const xalign::ReadReport report = read_vectors(path).report;
  REQUIRE(report.rows == 6);
  REQUIRE(report.duplicates == 2);
  REQUIRE(report.first_duplicate == "a");
  REQUIRE(report.first_duplicate_place == path + ":5");
  REQUIRE(report.bad_utf8 == 2);
  REQUIRE(report.first_bad_utf8_place == path + ":3");
  REQUIRE(report.zero_vectors == 1);
  ReadOptions strict;
  strict.strict = true;
  REQUIRE_THAT(message_of(path, strict), Contains("f:3: the word '\\xff' is not UTF-8"));
}

TEST_CASE("every kind of bad file gets its message") {
  const TemporaryFolder folder;
  using namespace std::string_literals;
  struct Case {
    std::string text, start, mentions;
  };
  const std::vector<Case> cases = {
      {"", "f: an empty file", "word vectors"},
      {"\n\n", "f:2: no rows", "word vectors"},
      {"3 2\n", "f:1: no rows", "expected 3"},
      {"3 2\n\n", "f:2: no rows", "expected 3"},
      {"3 2", "f:1: no rows", "expected 3"},
      {"word\n", "f:1: 'word'", "a word and its numbers"},
      {"word 5\n", "f:1: 'word 5'", "a word and its numbers"},
      {"2 3\na 1 2 3\nb 1 2\n", "f:3: 2 numbers after 'b'", "expected 3, as the header says"},
      {"a 1 2 3\nb 1 2\n", "f:2: 2 numbers after 'b'", "expected 3, as in the first row"},
      {"a 1 2 3\nb 1 2 3 4\n", "f:2: 4 numbers after 'b'", "expected 3"},
      {"a 1 2\nNew York 1 2\n", "f:2: 'York' in place of number 1 of 'New'", "blanks"},
      {"a 1 2\nb 1 x\n", "f:2: 'x' in place of number 2 of 'b'", "a word and 2 numbers"},
      {"a 1 2\nb 1,5 2\n", "f:2: '1,5' in place of number 1 of 'b'", ""},
      {"a 1 2\nb nan 2\n", "f:2: number 1 of 'b' is nan", "finite"},
      {"a 1 2\nb 1 -inf\n", "f:2: number 2 of 'b' is -inf", "finite"},
      {"a 1 2\nb 1 1e39\n", "f:2: number 2 of 'b' is 1e39", "32-bit"},
      {"a 1 2\n 1 2\n", "f:2: a row that begins with a separator", ""},
      {"a 1 2\n\nb 1 2\n", "f:2: an empty line", "a word and 2 numbers"},
      {"\na 1 2\n", "f:1: an empty line", "a word and its numbers"},
      {"1 2\n\na 1 2\n", "f:2: an empty line", "a word and 2 numbers"},
      {"3 2\na 1 2\nb 3 4\n", "f:1: a header of 3 rows", "expected 2"},
      {"1 2\na 1 2\nb 3 4\n", "f:1: a header of 1 rows", "expected 2"},
      {"2 0\na\nb\n", "f:1: a header of dimension 0", ""},
      {"0 2\na 1 2\n", "f:1: a header of 0 rows", ""},
      {"99999999999999999999999 2\na 1 2\n", "f:1: a header of 99999999999999999999999 rows", ""},
      {"9999999999 2\na 1 2\n", "f:1: a header of 9999999999 rows", ""},
      {"2 99999999\na 1 2\n", "f:1: a header of dimension 99999999", ""},
      {"2000000000 300000\na 1 2\n", "f:2: 2 numbers after 'a'", "expected 300000"},
      {"3 2\nab \x01\x02\x03\x04\0\0\0\0\n"s, "f: the file is cut short", "3 rows of 2 numbers"},
      {"\0\0\0\0\0\0"s, "f:1: what looks like a binary file", "--format"},
      {"a 1 2\nb 1 2\0\n"s, "f:2: what looks like a binary file", "--format"},
      {"\xff\xfe"
       "a\0 \0"s,
       "f: UTF-16 text", "iconv"},
  };
  for (const Case& bad : cases)
    for (const std::size_t bytes : {1, 10, 1 << 20}) {
      ReadOptions options;
      options.block_bytes = bytes;
      const std::string message = message_of(folder.file("f", bad.text), options);
      REQUIRE(message.substr(0, bad.start.size()) == bad.start);
      REQUIRE_THAT(message, Contains(bad.mentions));
    }
  ReadOptions with_header;
  with_header.format = VectorFormat::vec;
  REQUIRE_THAT(message_of(folder.file("f", "a 1 2\n"), with_header),
               Contains("f: what looks like glove (expected vec, as --format says)"));
  REQUIRE_THAT(message_of(folder.file("f", "a b\n"), with_header),
               Contains("f:1: 'a b' (expected a header"));
  ReadOptions without_header;
  without_header.format = VectorFormat::glove;
  REQUIRE(read_vectors(folder.file("f", "2 5\n3 6\n"), without_header).embeddings.dimension() == 1);
}

TEST_CASE("the first bad line is told, whoever finds it") {
  const TemporaryFolder folder;
  std::string text = random_file(6, 3000, 40);
  std::vector<std::size_t> begins;
  for (std::size_t i = 0; i < text.size(); i = text.find('\n', i) + 1) begins.push_back(i);
  text.insert(begins[2900], "late ");
  text.insert(begins[1700], "early ");
  const std::string path = folder.file("f", text);
  for (const int threads : {1, 2, 4})
    for (const std::size_t bytes : {1000, 100'000, 1 << 24}) {
      const xalign::ThreadLimit limit(threads);
      ReadOptions options;
      options.block_bytes = bytes;
      REQUIRE_THAT(message_of(path, options), Contains("f:1701: "));
    }
}

TEST_CASE("a batch stays whole when a row is bad") {
  const TemporaryFolder folder;
  VectorReader reader(folder.file("f", "a 1 2\nb 3 4\nc 5\n"));
  Embeddings batch;
  REQUIRE_THROWS_AS(reader.read(batch), Error);
  REQUIRE(batch.size() == 2);
  REQUIRE(batch.vectors.rows() == 2);
  REQUIRE(batch.vectors(1, 1) == 4);
}

TEST_CASE("reading tells how far it is") {
  const TemporaryFolder folder;
  const std::string path = folder.file("f", random_file(7, 300, 4));
  std::uint64_t last = 0, total = 0;
  ReadOptions options;
  options.progress = [&](const xalign::ProgressEvent& event) {
    REQUIRE(event.done >= last);
    last = event.done;
    total = event.total;
  };
  read_vectors(path, options);
  REQUIRE(total == std::filesystem::file_size(path));
  REQUIRE(last == total);
}

TEST_CASE("names of formats") {
  for (const auto format : {VectorFormat::automatic, VectorFormat::vec, VectorFormat::glove})
    REQUIRE(xalign::parse_vector_format(xalign::to_string(format)) == format);
  REQUIRE_THROWS_WITH(xalign::parse_vector_format("globe"),
                      Contains("vec") && Contains("did you mean") && Contains("glove"));
}
