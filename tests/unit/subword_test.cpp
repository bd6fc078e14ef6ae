#include "support/catch.hpp"

#include <xalign/error.h>
#include <xalign/subword.h>

#include <algorithm>

using xalign::find_ngram_buckets;
using xalign::find_ngrams;
using xalign::hash_ngram;
using xalign::SubwordOptions;

using Strings = std::vector<std::string>;

TEST_CASE("n-grams of characters, with marks at both ends") {
  REQUIRE(find_ngrams("ab", {.min_length = 3, .max_length = 6}) == Strings{"<ab", "<ab>", "ab>"});
  REQUIRE(find_ngrams("é", {.min_length = 2, .max_length = 3}) == Strings{"<é", "<é>", "é>"});
  REQUIRE(find_ngrams("ab", {.min_length = 1, .max_length = 1}) == Strings{"a", "b"});
  REQUIRE(find_ngrams("", {.min_length = 1, .max_length = 2}) == Strings{"<>"});
  REQUIRE(find_ngrams("word", {.max_length = 0}).empty());
  // A byte that begins no character stays with the one before.
  REQUIRE(find_ngrams("\x80", {.min_length = 1, .max_length = 2}) == Strings{"<\x80>"});
}

TEST_CASE("the hash is FNV-1a for ASCII and differs beyond") {
  REQUIRE(hash_ngram("") == 2166136261U);
  REQUIRE(hash_ngram("a") == 0xe40c292cU);
  REQUIRE(hash_ngram("foobar") == 0xbf9cf968U);
  // 0xe9 becomes 0xffffffe9 before it is mixed in.
  REQUIRE(hash_ngram("\xe9") == (2166136261U ^ 0xffffffe9U) * 16777619U);
}

TEST_CASE("buckets follow the n-grams") {
  const SubwordOptions options{.min_length = 2, .max_length = 4, .buckets = 97};
  const Strings ngrams = find_ngrams("garçon", options);
  const auto buckets = find_ngram_buckets("garçon", options);
  REQUIRE(ngrams.size() == buckets.size());
  for (std::size_t i = 0; i < ngrams.size(); ++i) REQUIRE(buckets[i] == hash_ngram(ngrams[i]) % 97);
  REQUIRE_THROWS_AS(find_ngrams("a", {.min_length = 0}), xalign::Error);
  REQUIRE_THROWS_AS(find_ngrams("a", {.buckets = 0}), xalign::Error);
}
