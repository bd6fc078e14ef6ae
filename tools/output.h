#pragma once

#include "session.h"

#include <xalign/vectors_io.h>

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace xalign::cli {

using Json = nlohmann::ordered_json;

/// Writes to standard output at once.
/// @throws Error(io) e.g. for a full disk; ClosedPipe when the reader has gone away
void write_stdout(std::string_view text);

/// Refuses an output that was not named or cannot be written.
/// @param what  "a file for the dictionary"
/// @throws Error(config), Error(io)
void require_output(const char* option, const std::string& path, const char* what);

/// Refuses outputs that would replace each other, or an input, under whatever name: any other file
/// that the command line names, or the list of words that belongs to such a file.
/// @param outputs  as given, all of the command; empty names pass; "-" is the file behind stdout
/// @throws Error(config)
void refuse_clashes(const std::vector<std::string>& outputs, const Session& session);
/// The same for vectors in `vectors` beside other outputs: a list of words may be written with
/// them.
void refuse_clashes(const std::vector<std::string>& outputs,
                    const std::vector<std::string>& vectors, const WriteOptions& options,
                    const Session& session);
/// Called before vectors are put in place: arrays may share a list of words, but not where
/// duplicates were dropped, as the input would lose its names.
/// @throws Error(config)
void refuse_shortened_words(const std::string& output, const std::string& input,
                            const ReadReport& read, const WriteOptions& options,
                            const Session& session);

/// Refuses, before long work, a file that could not be written in the end. Empty names pass.
/// @throws Error(io)
void check_writable(const std::string& path);

/// The same for vectors, and a name whose extension no format has. Tells once of options that have
/// no effect on any of the files.
/// @throws Error(config), Error(io)
void check_vector_outputs(const std::vector<std::string>& paths, const WriteOptions& options,
                          Session& session);

/// Writes a whole file that appears complete or not at all; "-" is standard output.
void write_file(const std::string& path, std::string_view text);

/// The beginning of every JSON result.
Json json_result(std::string_view kind);
/// Prints it on standard output.
void print_json(const Json& json);

/// A number with the digits that mean something: results are the same text on every machine.
double rounded(double value);
/// The same as text, six digits after the point.
std::string score_text(double value);

/// A word as a TSV field: a tab or line end, which would break the table, is written as \t or \n.
std::string tsv_field(std::string_view word);

/// "12,345".
std::string grouped(std::uint64_t number);
/// "3 pairs", "1 pair".
std::string counted(std::uint64_t number, std::string_view noun);
/// "1.3 GB".
std::string byte_size(std::uint64_t bytes);
/// "50.4 %"; "-" of nothing.
std::string percent(double part, double whole);

/// Rows of text in columns; numbers are right-aligned by the caller's choice per column.
class Table {
 public:
  /// @param header  a leading '<' marks a left-aligned column
  explicit Table(std::vector<std::string> header);
  void add(std::vector<std::string> row);

  std::string text() const;
  std::string tsv() const;

 private:
  std::vector<bool> left_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace xalign::cli
