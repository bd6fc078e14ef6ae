#include "core/hash.h"
#include "io/row_codec.h"
#include "support/catch.hpp"
#include "support/matrices.h"
#include "support/temporary_folder.h"

#include <xalign/error.h>
#include <xalign/normalize.h>
#include <xalign/parallel.h>
#include <xalign/store.h>
#include <xalign/topk.h>
#include <xalign/vectors_io.h>

#include <cmath>
#include <cstring>
#include <limits>

using namespace xalign;

namespace {

constexpr StoreType kTypes[] = {StoreType::f32, StoreType::f16, StoreType::int8};

Embeddings toy(Index words, Eigen::Index dimension, std::uint64_t seed = 1) {
  Embeddings embeddings;
  for (Index i = 0; i < words; ++i) embeddings.words.insert("word " + std::to_string(i * 7));
  embeddings.vectors = test::random_matrix(words, dimension, seed);
  return embeddings;
}

std::string write_store(const test::TemporaryFolder& folder, const Embeddings& embeddings,
                        const StoreOptions& options = {}, const char* name = "toy.xvec") {
  StoreWriter writer(folder / name, embeddings.dimension(), options);
  writer.write(embeddings.words, embeddings.vectors);
  writer.close();
  return folder / name;
}

Matrix all_rows(const Store& store) {
  Matrix rows(store.size(), store.dimension());
  store.read(0, rows);
  return rows;
}

std::string refusal(const test::TemporaryFolder& folder, const std::string& content) {
  const std::string path = folder.file("bad.xvec", content);
  try {
    const Store store(path);
    store.verify();
  } catch (const Error& error) {
    const std::string message = error.what();
    REQUIRE(error.kind() == ErrorKind::data);
    REQUIRE(message.find(path + ": ") == 0);
    REQUIRE(message.find('\n') == std::string::npos);
    return message.substr(path.size() + 2);
  }
  return "accepted";
}

bool starts_with(const std::string& text, const char* start) {
  return text.rfind(start, 0) == 0;
}

/// A number of the file's tail or, from the beginning, of its prefix.
template <class T>
std::string with(std::string content, std::ptrdiff_t at, T value) {
  char* place = content.data() + (at < 0 ? static_cast<std::ptrdiff_t>(content.size()) + at : at);
  std::memcpy(place, &value, sizeof value);
  return content;
}

/// Sets the checksums of header and tail right again.
std::string sealed(std::string content) {
  char* tail = content.data() + content.size() - 64;
  std::uint64_t offset = 0, size = 0;
  std::memcpy(&offset, tail, 8);
  std::memcpy(&size, tail + 8, 8);
  const std::uint64_t header = hash_bytes(content.data() + offset, size);
  std::memcpy(tail + 24, &header, 8);
  const std::uint64_t own = hash_bytes(tail, 48);
  std::memcpy(tail + 48, &own, 8);
  return content;
}

}  // namespace

TEST_CASE("a store gives back what was written") {
  const test::TemporaryFolder folder;
  Embeddings toys = toy(300, 37);
  toys.vectors.row(5).setZero();
  StoreOptions options;
  options.labels = {"fr", "caf\xc3\xa9", "CC0", "unit,center"};
  for (const StoreType type : kTypes) {
    options.type = type;
    const Store store(write_store(folder, toys, options));
    store.verify();
    REQUIRE(store.size() == 300);
    REQUIRE(store.dimension() == 37);
    REQUIRE(store.type() == type);
    REQUIRE(store.labels().language == "fr");
    REQUIRE(store.labels().normalization == "unit,center");
    REQUIRE(store.fingerprints() == fingerprints(toys));
    Embeddings kept = toy(300, 37);
    store.read(0, kept.vectors);
    REQUIRE(store.kept_fingerprints() == fingerprints(kept));
    for (Index i = 0; i < store.size(); ++i) {
      REQUIRE(store[i] == toys.words[i]);
      REQUIRE(store.find(toys.words[i]) == i);
    }
    REQUIRE(!store.find("word"));
    REQUIRE(!store.find(""));
    const Matrix rows = all_rows(store);
    for (Index i = 0; i < store.size(); ++i) {
      const float most = toys.vectors.row(i).cwiseAbs().maxCoeff();
      const float worst = type == StoreType::f32   ? 0
                          : type == StoreType::f16 ? most * 0x1p-11F
                                                   : most / 127 * 0.5001F;
      REQUIRE((rows.row(i) - toys.vectors.row(i)).cwiseAbs().maxCoeff() <= worst);
    }
    const Index wanted[] = {7, 299, 7};
    REQUIRE(store.gather(wanted) == rows(std::vector<Index>{7, 299, 7}, Eigen::all));
  }
}

TEST_CASE("a store is the same for any batches and any threads") {
  const test::TemporaryFolder folder;
  const Embeddings toys = toy(1000, 24);
  const std::string whole = test::read_bytes(write_store(folder, toys, {StoreType::int8}));
  const ThreadLimit one(1);
  StoreWriter writer(folder / "parts.xvec", 24, {StoreType::int8});
  for (Index first = 0; first < 1000; first += 250)
    writer.write(toys.words, first, toys.vectors.middleRows(first, 250));
  writer.close();
  REQUIRE(test::read_bytes(folder / "parts.xvec") == whole);
}

TEST_CASE("rows that were rounded once are not rounded again") {
  const test::TemporaryFolder folder;
  Embeddings toys = toy(500, 50);
  for (const StoreType type : kTypes) {
    Embeddings rounded = toy(500, 50);
    rounded.vectors = all_rows(Store(write_store(folder, toys, {type})));
    const Store again(write_store(folder, rounded, {type}, "again.xvec"));
    if (type != StoreType::int8) REQUIRE(all_rows(again) == rounded.vectors);
    REQUIRE((all_rows(again) - rounded.vectors).cwiseAbs().maxCoeff() < 1e-6F);
  }
}

TEST_CASE("numbers of any size keep their sense in int8") {
  for (const float size : {1e-44F, 1e-38F, 1e-20F, 1.0F, 1e30F, 3e38F}) {
    const Matrix row = test::random_matrix(1, 20, 3) / 4 * size;
    std::string bytes(20, 'x');
    const float scale = encode_row(StoreType::int8, row.data(), 20, bytes.data());
    Matrix decoded(1, 20);
    decode_row(StoreType::int8, bytes.data(), scale, 20, decoded.data());
    REQUIRE(decoded.allFinite());
    const float most = row.cwiseAbs().maxCoeff();
    REQUIRE((decoded - row).cwiseAbs().maxCoeff() <= std::max(most / 250, 1e-42F));
  }
}

TEST_CASE("neighbours in a store are those of its rows, to the last bit") {
  const test::TemporaryFolder folder;
  for (const Eigen::Index dimension : {1, 15, 16, 300}) {
    const Index words = dimension == 16 ? 9000 : 1100;  // more than one block, more than one strip
    Embeddings toys = toy(words, dimension);
    toys.vectors.row(17).setZero();
    toys.vectors.row(18) = toys.vectors.row(19);
    for (const StoreType type : kTypes) {
      const Store store(write_store(folder, toys, {type}));
      Matrix unit = all_rows(store);
      normalize_rows(unit);
      Matrix read(store.size(), dimension);
      store.read_unit(0, read);
      REQUIRE(read == unit);
      for (const Index count : {1, 70}) {
        const Matrix queries = test::random_unit_rows(count, dimension, 5);
        const std::vector<std::pair<Index, Index>> skipped{{0, 19}, {0, 3}};
        std::vector<float> rows, columns(static_cast<std::size_t>(words));
        for (Index q = 0; q < count; ++q) rows.push_back(0.25F * static_cast<float>(q));
        for (std::size_t i = 0; i < columns.size(); ++i)
          columns[i] = 0.01F * static_cast<float>(i % 17);
        for (const std::string& isa : topk_isas()) {
          if (type != StoreType::int8 && isa != topk_isas().front()) continue;
          TopkOptions options{.row_k = 12, .skip_pairs = skipped, .isa = isa};
          for (const bool terms : {false, true}) {
            if (terms) options.row_terms = rows, options.column_terms = columns;
            const TopkLists expected = find_topk(queries, unit, options).rows;
            const TopkLists found = store.neighbors(queries, options);
            REQUIRE(found.index == expected.index);
            REQUIRE(found.score == expected.score);
          }
        }
      }
    }
  }
}

TEST_CASE("fewer rows than were asked for leave the rest of the list empty") {
  const test::TemporaryFolder folder;
  const Store store(write_store(folder, toy(3, 8), {StoreType::int8}));
  const TopkLists found = store.neighbors(test::random_unit_rows(1, 8, 2), {.row_k = 5});
  REQUIRE(found.index(0, 2) >= 0);
  REQUIRE(found.index(0, 3) == -1);
}

TEST_CASE("a store without words is one") {
  const test::TemporaryFolder folder;
  StoreWriter writer(folder / "none.xvec", 4);
  writer.close();
  const Store store(folder / "none.xvec");
  REQUIRE(store.size() == 0);
  REQUIRE(!store.find("a"));
  REQUIRE(store.neighbors(test::random_unit_rows(1, 4, 2), {.row_k = 2}).index(0, 0) == -1);
}

TEST_CASE("what a store cannot hold is refused, and nothing is left behind") {
  const test::TemporaryFolder folder;
  const auto refused = [&](Embeddings toys, StoreType type) {
    try {
      write_store(folder, toys, {type});
    } catch (const Error& error) {
      REQUIRE(folder.file_count() == 0);
      return std::string(error.what()).substr((folder / "toy.xvec: ").size());
    }
    return std::string("accepted");
  };
  Embeddings toys = toy(9, 4);
  toys.vectors(3, 2) = 70000;
  REQUIRE(refused(toys, StoreType::f16) ==
          "number 3 of 'word 21' is 70000 (expected numbers that fit); normalise the rows, or "
          "write f32");
  toys.vectors(3, 1) = std::numeric_limits<float>::quiet_NaN();
  for (const StoreType type : kTypes)
    REQUIRE(refused(toys, type) == "number 2 of 'word 21' is nan (expected finite numbers)");
  REQUIRE_THROWS_AS(StoreWriter(folder / "a.xvec.gz", 4), Error);

  StoreWriter writer(folder / "twice.xvec", 4);
  writer.write(toy(2, 4).words, toy(2, 4).vectors);
  writer.write(toy(2, 4).words, toy(2, 4).vectors);
  REQUIRE_THROWS_AS(writer.close(), Error);
}

TEST_CASE("damaged, foreign and later stores are refused in one line") {
  const test::TemporaryFolder folder;
  const std::string good = test::read_bytes(write_store(folder, toy(400, 12), {StoreType::int8}));
  REQUIRE(refusal(folder, good) == "accepted");
  REQUIRE(starts_with(refusal(folder, ""), "an empty file"));
  REQUIRE(starts_with(refusal(folder, "2 3\na 1 2 3\n"), "not a store"));
  REQUIRE(starts_with(refusal(folder, with(good, 8, 2)), "a store of format version 2"));
  for (const std::size_t size :
       {std::size_t{8}, std::size_t{64}, std::size_t{130}, good.size() / 2, good.size() - 1})
    REQUIRE(starts_with(refusal(folder, good.substr(0, size)), "a store cut short or damaged"));
  REQUIRE(starts_with(refusal(folder, good + "x"), "a store cut short or damaged"));
  // Every byte matters, wherever it lies.
  for (std::size_t at = 0; at < good.size(); at += 61) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    REQUIRE(refusal(folder, changed) != "accepted");
  }
}

TEST_CASE("whoever reads all words of a store learns of a byte that has changed") {
  const test::TemporaryFolder folder;
  std::string content = test::read_bytes(write_store(folder, toy(400, 12)));
  content[64] ^= 1;  // of the first row
  const std::string path = folder.file("bad.xvec", content);
  REQUIRE_THROWS_AS(read_vectors(path), Error);
  REQUIRE(read_vectors(path, {.max_vocab = 399}).embeddings.size() == 399);
}

TEST_CASE("numbers of a damaged store that are not finite are refused wherever they are used") {
  const test::TemporaryFolder folder;
  const auto nan = std::numeric_limits<float>::quiet_NaN();
  const auto message = [&](StoreType type, std::ptrdiff_t at, const auto& use) {
    const std::string good = test::read_bytes(write_store(folder, toy(400, 16), {type}));
    const Store store(folder.file("bad.xvec", with(good, at, nan)));
    try {
      use(store);
    } catch (const Error& error) {
      return std::string(error.what()).substr((folder / "bad.xvec").size());
    }
    return std::string("accepted");
  };
  const auto read = [](const Store& store) { all_rows(store); };
  const auto gather = [](const Store& store) { store.gather(std::vector<Index>{3, 0}); };
  const auto find = [](const Store& store) {
    RowVector vector(store.dimension());
    store.find_vector("word 0", vector);
  };
  const auto search = [](const Store& store) {
    store.neighbors(test::random_matrix(2, store.dimension(), 2), {.row_k = 3});
  };
  const std::string numbers = ": a store with numbers that are not finite";
  REQUIRE(starts_with(message(StoreType::f32, 64, read), numbers.c_str()));
  REQUIRE(starts_with(message(StoreType::f32, 64, gather), numbers.c_str()));
  REQUIRE(starts_with(message(StoreType::f32, 64, find), numbers.c_str()));
  REQUIRE(starts_with(message(StoreType::f32, 64, search), numbers.c_str()));
  // Scales follow the rows, lengths the scales.
  const std::ptrdiff_t scales = 64 + 400 * 16, lengths = scales + 400 * 4;
  REQUIRE(starts_with(message(StoreType::int8, scales, search), ": a store with scales"));
  REQUIRE(starts_with(message(StoreType::int8, lengths, search), ": a store with lengths"));
}

TEST_CASE("a header that makes no sense is refused even if its checksum is right") {
  const test::TemporaryFolder folder;
  const std::string good = test::read_bytes(write_store(folder, toy(40, 12), {StoreType::int8}));
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string content = good;
    const std::size_t at = content.rfind(from);
    REQUIRE(at != std::string::npos);
    REQUIRE(from.size() == to.size());
    content.replace(at, from.size(), to);
    return refusal(folder, sealed(content));
  };
  REQUIRE(starts_with(changed("\"words\": 40", "\"words\": 41"), "a store whose blocks do not"));
  REQUIRE(starts_with(changed("\"words\": 40", "\"words\": -1"), "a store with a damaged number"));
  REQUIRE(starts_with(changed("\"dimension\": 12", "\"dimension\": 99"), "a store whose blocks"));
  REQUIRE(
      starts_with(changed("\"type\": \"int8\"", "\"type\": \"int9\""), "a store with a damaged"));
  REQUIRE(starts_with(changed("\"lengths\"", "\"lengthz\""), "a store without lengths"));
  REQUIRE(starts_with(changed("\"i8\"", "\"u8\""), "a store with rows of another type"));
  REQUIRE(starts_with(changed("\"format\"", "\"format'"), "a store with a damaged header"));
}
