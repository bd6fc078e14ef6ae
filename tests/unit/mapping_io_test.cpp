#include "core/hash.h"
#include "mapping/xmap_file.h"
#include "support/catch.hpp"
#include "support/temporary_folder.h"
#include "support/toy_mapping.h"

#include <xalign/error.h>
#include <xalign/mapping_io.h>
#include <xalign/parallel.h>
#include <xalign/random.h>

#include <cstring>

using namespace xalign;

namespace {

Mapping toy_mapping() {
  MethodOptions options;
  options.normalize = parse_normalize_recipe("unit,center,abtt:2,zca,outliers:2,cbie:3,2,unit");
  Mapping mapping = test::learn_toy(make_method("cca", options), 12, 9).learned.mapping;
  mapping.source.input.name = "caf\xc3\xa9 \"x\"\n.vec";
  mapping.target.input.language = "tt";
  return mapping;
}

std::string saved(const test::TemporaryFolder& folder, const Mapping& mapping) {
  write_mapping(folder / "saved.xmap", mapping);
  return test::read_bytes(folder / "saved.xmap");
}

std::string refusal(const test::TemporaryFolder& folder, const std::string& content) {
  const std::string path = folder.file("bad.xmap", content);
  try {
    read_mapping(path);
  } catch (const Error& error) {
    const std::string message = error.what();
    REQUIRE(error.kind() == ErrorKind::data);
    REQUIRE(message.find(path + ": ") == 0);
    REQUIRE(message.find('\n') == std::string::npos);
    return message.substr(path.size() + 2);
  }
  return "accepted";
}

/// Sets the checksum right again.
std::string sealed(std::string content) {
  const std::uint64_t hash = hash_bytes(content.data(), content.size() - 8);
  std::memcpy(content.data() + content.size() - 8, &hash, 8);
  return content;
}

bool starts_with(const std::string& text, const char* start) {
  return text.rfind(start, 0) == 0;
}

}  // namespace

TEST_CASE("a mapping reads back as it was written") {
  const test::TemporaryFolder folder;
  const Mapping mapping = toy_mapping();
  const std::string bytes = saved(folder, mapping);
  const Mapping read = read_mapping(folder / "saved.xmap");
  REQUIRE(saved(folder, read) == bytes);

  REQUIRE(read.source.matrix == mapping.source.matrix);
  REQUIRE(read.target.matrix == mapping.target.matrix);
  REQUIRE(read.source.normalizer.recipe() == mapping.source.normalizer.recipe());
  const Matrix rows = test::random_matrix(20, 12, 7);
  REQUIRE(read.source.apply(rows) == mapping.source.apply(rows));
  REQUIRE(read.source.input.name == mapping.source.input.name);
  REQUIRE(read.target.input.language == "tt");
  REQUIRE(read.source.input.fingerprint == mapping.source.input.fingerprint);
  REQUIRE(read.method == "cca");
  REQUIRE(read.steps == mapping.steps);
  REQUIRE(read.seed == mapping.seed);
  REQUIRE(read.version == mapping.version);
  REQUIRE(read.isf_beta == mapping.isf_beta);
  REQUIRE(read.training.word_pairs == mapping.training.word_pairs);
  REQUIRE(read.training.hash == mapping.training.hash);
  REQUIRE(read.training.has_source("s3"));
}

TEST_CASE("a mapping learned with other numbers of threads has the same bytes") {
  const test::TemporaryFolder folder;
  const auto learn = [&](int threads) {
    const ThreadLimit limit(threads);
    return saved(folder, toy_mapping());
  };
  REQUIRE(learn(1) == learn(3));
}

TEST_CASE("a name that is not UTF-8 is saved readably") {
  const test::TemporaryFolder folder;
  Mapping mapping = toy_mapping();
  mapping.source.input.name = "\xff.vec";
  saved(folder, mapping);
  REQUIRE(read_mapping(folder / "saved.xmap").source.input.name == "\xef\xbf\xbd.vec");
}

TEST_CASE("a mapping may be compressed") {
  const test::TemporaryFolder folder;
  const Mapping mapping = toy_mapping();
  const std::string bytes = saved(folder, mapping);
  for (const char* name : {"a.xmap.gz", "a.xmap.xz", "a.xmap.zst", "a.xmap.bz2"}) {
    write_mapping(folder / name, mapping);
    REQUIRE(test::read_bytes(folder / name) != bytes);
    REQUIRE(is_mapping_file(folder / name));
    REQUIRE(saved(folder, read_mapping(folder / name)) == bytes);
  }
}

TEST_CASE("a mapping is recognised by its first bytes") {
  const test::TemporaryFolder folder;
  saved(folder, toy_mapping());
  REQUIRE(is_mapping_file(folder / "saved.xmap"));
  REQUIRE_FALSE(is_mapping_file(folder.file("vectors.xmap", "2 3\na 1 2 3\nb 1 2 3\n")));
  REQUIRE_FALSE(is_mapping_file(folder.file("empty.xmap", "")));
  REQUIRE_FALSE(is_mapping_file(folder / "absent.xmap"));
  REQUIRE_FALSE(is_mapping_file(folder / "."));
}

TEST_CASE("foreign, later and shortened files are told apart") {
  const test::TemporaryFolder folder;
  const std::string bytes = saved(folder, toy_mapping());
  REQUIRE(starts_with(refusal(folder, ""), "an empty file"));
  REQUIRE(starts_with(refusal(folder, "2 3\na 1 2 3\n"), "not a mapping"));
  REQUIRE(starts_with(refusal(folder, bytes + "x"), "a mapping with bytes after its end"));
  std::string later = bytes;
  later[8] = 2;
  REQUIRE(starts_with(refusal(folder, sealed(later)), "a mapping of format version 2"));
  for (std::size_t size = 8; size < bytes.size(); size += 1 + size / 16)
    REQUIRE(starts_with(refusal(folder, bytes.substr(0, size)), "a mapping cut short"));
  try {
    read_mapping(folder / "absent.xmap");
    FAIL("read an absent file");
  } catch (const Error& error) {
    REQUIRE(error.kind() == ErrorKind::io);
  }
  REQUIRE_THROWS_AS(read_mapping(folder / "."), Error);
}

TEST_CASE("every flipped bit is noticed") {
  const test::TemporaryFolder folder;
  const std::string bytes = saved(folder, toy_mapping());
  REQUIRE(XmapReader("a", bytes).header().at("method") == "cca");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 8)));
    REQUIRE_THROWS_AS(XmapReader("a", flipped), Error);
  }
}

TEST_CASE("lengths that lie are refused without reserving memory") {
  const test::TemporaryFolder folder;
  const std::string bytes = saved(folder, toy_mapping());
  for (const std::size_t field : {16, 24})
    for (const std::uint64_t lie : {std::uint64_t{0}, std::uint64_t{31}, std::uint64_t{1} << 40,
                                    ~std::uint64_t{0}, ~std::uint64_t{0} - 31}) {
      std::string content = bytes;
      std::memcpy(content.data() + field, &lie, 8);
      REQUIRE(starts_with(refusal(folder, sealed(content)), "a mapping"));
    }
}

TEST_CASE("a header that makes no sense is refused, its checksum right or not") {
  const test::TemporaryFolder folder;
  const std::string bytes = saved(folder, toy_mapping());
  std::uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, bytes.data() + 16, 8);
  Random random(1);
  const std::string odd = "0123456789-.eE\"{}[],: nulltrue\xff";
  int refused = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    std::string content = bytes;
    for (std::uint64_t changes = 1 + random.below(3); changes > 0; --changes)
      content[32 + random.below(header_bytes)] = odd[random.below(odd.size())];
    const std::string path = folder.file("odd.xmap", sealed(content));
    try {
      // What is still a mapping must be one that can be used.
      const Mapping mapping = read_mapping(path);
      mapping.source.apply(test::random_matrix(2, mapping.source.matrix.rows(), 1));
      mapping.target.apply(test::random_matrix(2, mapping.target.matrix.rows(), 1));
    } catch (const Error& error) {
      REQUIRE(error.kind() == ErrorKind::data);
      ++refused;
    }
  }
  REQUIRE(refused > 1000);
}

TEST_CASE("blocks that do not fit are refused") {
  const test::TemporaryFolder folder;
  const std::string bytes = saved(folder, toy_mapping());
  const auto replaced = [&](const std::string& from, const std::string& to) {
    REQUIRE(from.size() == to.size());
    std::string content = bytes;
    const std::size_t at = content.find(from);
    REQUIRE(at != std::string::npos);
    content.replace(at, from.size(), to);
    return refusal(folder, sealed(content));
  };
  REQUIRE(starts_with(replaced("\"source.matrix\"", "\"source.mattix\""),
                      "a mapping without source.matrix"));
  REQUIRE(
      starts_with(replaced("\"dimension\": 12", "\"dimension\": 13"), "a mapping whose shapes"));
  REQUIRE(starts_with(replaced("\"normalize\": \"unit", "\"normalize\": \"anit"),
                      "a mapping with a damaged normalisation"));
  REQUIRE(starts_with(replaced("\"project\"", "\"prosect\""), "a mapping with an unknown"));
  REQUIRE(starts_with(replaced("\"seed\": 1", "\"seed\":-1"), "a mapping with a damaged number"));
}
