#pragma once

#include <xalign/lexicon.h>

#include <cstdint>

namespace xalign {

struct SplitOptions {
  Index test_sources = 0;  ///< source words that go to the test part; at least 1
  int bins = 10;           ///< frequency bins, each giving its share; used with a vocabulary
  std::uint64_t seed = 1;

  void validate() const;
};

struct LexiconSplit {
  Lexicon train;
  Lexicon test;
};

/// Splits a dictionary by source word, so that no source word stands on both sides.
/// @param vocabulary  of the source language in frequency order, or null: words are then drawn from
///                    the whole dictionary; words it does not know are a bin of their own
/// @throws Error(config) when the test part would take all source words
LexiconSplit split_lexicon(const Lexicon& lexicon, const Vocabulary* vocabulary,
                           const SplitOptions& options);

}  // namespace xalign
