#pragma once

#include "options.h"
#include "output.h"
#include "session.h"

#include <xalign/matrix.h>

#include <string>

namespace xalign::cli {

// What the subcommands of `eval` have in common.

/// The one data set of `-d`.
/// @throws Error(config) for none or several
const std::string& only_file(const DictionaryOptions& options, const char* what);

/// Tells how much of a data set has vectors, and what lower-casing would gain.
/// @param lower  what would be covered in lower case; at most `covered` where that does not help
/// @throws Error(data) naming the file when nothing is covered
void report_coverage(const std::string& path, const char* noun, Index covered, Index total,
                     Index lower, Session& session);

/// Warns where so little is covered that figures and intervals of it tell little.
/// @param one, many  what is counted, such as "query" and "queries"
void warn_of_few(const std::string& path, Index covered, const char* one, const char* many,
                 Session& session);

/// "45.12", hundredths of a rate.
std::string rate_text(double rate);
/// "0.4512"; "-" where a number is not defined.
std::string number_text(double value);
/// A number for JSON; null where it is not defined.
Json number_json(double value);

/// Prints a result in the style asked for; each argument makes one form of it.
template <class Text, class Tsv, class MakeJson>
void print_result(OutputStyle style, Text text, Tsv tsv, MakeJson json) {
  switch (style) {
    case OutputStyle::text:
      return write_stdout(text());
    case OutputStyle::tsv:
      return write_stdout(tsv());
    case OutputStyle::json:
      return print_json(json());
  }
}

}  // namespace xalign::cli
