#include "support/catch.hpp"

#include <xalign/random.h>
#include <xalign/vocabulary.h>

#include <string>
#include <unordered_map>

using xalign::Vocabulary;

TEST_CASE("a vocabulary agrees with a plain map") {
  Vocabulary vocabulary;
  std::unordered_map<std::string, xalign::Index> twin;
  xalign::Random random(7);
  for (int i = 0; i < 5000; ++i) {
    const std::string word = "w" + std::to_string(random.below(3000));
    const auto [index, added] = vocabulary.insert(word);
    const auto [entry, twin_added] = twin.emplace(word, static_cast<xalign::Index>(twin.size()));
    REQUIRE(added == twin_added);
    REQUIRE(index == entry->second);
  }
  REQUIRE(static_cast<std::size_t>(vocabulary.size()) == twin.size());
  for (const auto& [word, index] : twin) {
    REQUIRE(vocabulary.find(word) == index);
    REQUIRE(vocabulary[index] == word);
  }
  REQUIRE_FALSE(vocabulary.find("absent"));
}

TEST_CASE("words are any bytes") {
  Vocabulary vocabulary;
  const std::string zero("a\0b", 3);
  vocabulary.insert(zero);
  vocabulary.insert("\xff\xfe");
  vocabulary.insert("");
  REQUIRE(vocabulary.find(zero) == 0);
  REQUIRE(vocabulary.find("\xff\xfe") == 1);
  REQUIRE(vocabulary.find("") == 2);
  REQUIRE_FALSE(vocabulary.find("a"));
}

TEST_CASE("an empty vocabulary knows nothing") {
  REQUIRE_FALSE(Vocabulary().find("a"));
}
