#pragma once

#include "session.h"
#include "word_groups.h"

#include <xalign/embeddings.h>
#include <xalign/lexicon.h>
#include <xalign/mapping.h>

#include <optional>
#include <string>
#include <vector>

namespace xalign::cli {

/// One measured value. `section` is a path such as "source.hubness.csls".
struct Figure {
  std::string section;
  std::string measure;
  double value = 0;
};
using Figures = std::vector<Figure>;

/// The value of a figure, if it was measured.
std::optional<double> value_of(const Figures& figures, std::string_view section,
                               std::string_view measure);

/// How much is looked at.
struct SampleOptions {
  Index words = 10000;          ///< first words, or pairs, of most measures
  Index graph_words = 1000;     ///< of the eigenvector similarity: the cube of it is paid for
  Index topology_words = 2000;  ///< of the Gromov-Hausdorff bound: its square
  int neighbors = 10;
};

/// What the measures of a language, of two, and of their shared space are taken from: the first
/// words and the words of the pairs, row i of both sides being a pair.
struct SideSample {
  Matrix raw;         ///< first words as read
  Matrix normalized;  ///< after the recipe, unit rows
  Matrix pairs;       ///< normalised rows of the pairs
  Matrix mapped;      ///< first words in the shared space, unit rows; empty without one
  Matrix mapped_pairs;
};

/// Measures of one language alone.
void analyze_language(const SideSample& side, const std::string& name, const SampleOptions& options,
                      Session& session, Figures& figures);

/// Pairs of words below which what they tell is left unsaid.
constexpr double kFewPairs = 20;

/// How alike two languages are, whether or not they share a space.
void analyze_isometry(const SideSample& source, const SideSample& target,
                      const SampleOptions& options, Figures& figures);

/// What pairs of rows tell, whether or not there is a shared space.
void analyze_pairs(const SideSample& source, const SideSample& target, std::uint64_t seed,
                   Figures& figures);

/// What is only defined in a shared space.
void analyze_space(const SideSample& source, const SideSample& target, const SampleOptions& options,
                   Session& session, Figures& figures);

/// Scripts among the neighbours of words, where there are several.
void analyze_scripts(const Matrix& rows, const std::vector<std::string>& words,
                     const SampleOptions& options, Session& session, Figures& figures);

/// How far the languages of one space lie apart.
void analyze_languages(const Matrix& rows, const RowGroups& groups, Figures& figures);

/// The matrices of a mapping.
void analyze_map(const Mapping& mapping, Figures& figures);

}  // namespace xalign::cli
