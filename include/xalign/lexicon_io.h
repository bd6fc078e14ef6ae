#pragma once

#include <xalign/lexicon.h>

#include <string>

namespace xalign {

/// What the lines of a dictionary looked like.
struct LexiconReadReport {
  char separator = '\t';  ///< '\t', ' ' or ','
  std::uint64_t lines = 0;
  std::uint64_t comments = 0;        ///< comments and empty lines
  Index bad_utf8 = 0;                ///< entries with words that are not UTF-8, kept as bytes
  std::uint64_t first_bad_utf8 = 0;  ///< line of the first such entry, from 1
  bool weights = false;              ///< a third column was read
};

struct LexiconReadResult {
  Lexicon lexicon;
  LexiconReadReport report;
};

struct LexiconReadOptions {
  bool strict = false;          ///< refuse words that are not UTF-8
  bool ignore_weights = false;  ///< a third column may hold anything; all pairs count alike
};

/// Reads a dictionary: `source SEP target [SEP weight]` a line, SEP one of tab, blanks or comma,
/// found from the file. Phrases need tabs or CSV (quotes as in RFC 4180). Empty lines and comments
/// are skipped: lines that begin with `#` and a blank, or with `#` and have no tab (`#tag<TAB>mot`
/// is an entry). May be compressed; "-" is standard input.
/// @throws Error(io), Error(data) with `FILE:LINE` for one column, too many columns or a weight
///         that is not a positive number
LexiconReadResult read_lexicon(const std::string& path, const LexiconReadOptions& options = {});

/// Writes `source TAB target [TAB weight]` lines; weights are left out when all are 1.
void write_lexicon(const std::string& path, const Lexicon& lexicon);

/// Writes two that belong together: both appear, or none.
void write_lexicons(const std::string& first_path, const Lexicon& first,
                    const std::string& second_path, const Lexicon& second);

}  // namespace xalign
