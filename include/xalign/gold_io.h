#pragma once

#include <xalign/matrix.h>

#include <array>
#include <string>
#include <vector>

namespace xalign {

// Readers of what evaluations are held against. All of them skip empty lines, take LF and CRLF, a
// byte order mark and compressed files, read "-" as standard input, and refuse the first bad line.
// @throws Error(io), Error(data) with `FILE:LINE`

/// Two words and how similar people find them.
struct SimilarityPair {
  std::string first;
  std::string second;
  double score = 0;
  std::string group;  ///< a part of speech or the like; may be empty
};

/// Reads `first SEP second SEP score [SEP group]` lines, score and group in either order, SEP one
/// of tab, blanks or comma as in dictionaries. Further columns are left alone; a first line without
/// a number is taken for a header. So SemEval-2017, Multi-SimLex, SimLex-999 and WordSim-353 are
/// read as they are.
std::vector<SimilarityPair> read_similarity(const std::string& path);

/// a is to b as c is to d.
struct AnalogyQuestion {
  std::array<std::string, 4> words;
  Index category = 0;
};

struct AnalogySet {
  std::vector<std::string> categories;
  std::vector<AnalogyQuestion> questions;
};

/// Reads lines of four words, separated by tabs or else by blanks. Lines `: NAME` (word2vec) and
/// `# NAME` begin a category; a line `a1 a2 b1 b2` is a header.
AnalogySet read_analogies(const std::string& path);

/// Classes of words, or of rows.
struct LabelSet {
  std::vector<std::string> words;   ///< empty: the labels are of row 0, 1, 2, ...
  std::vector<std::string> labels;  ///< as many
};

/// Reads `word TAB label` lines (or separated by blanks or commas), or one label a line for the
/// rows of a file in their order.
LabelSet read_labels(const std::string& path);

}  // namespace xalign
