#pragma once

#include "options.h"
#include "session.h"

#include <xalign/embeddings.h>
#include <xalign/lexicon.h>
#include <xalign/mapping.h>
#include <xalign/vectors_io.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace xalign::cli {

/// Standard input can be read once.
/// @param files  that the command reads, beside those of `add_input_options`
/// @throws Error(config) if "-" stands among all of them more than once
void check_single_stdin(std::vector<std::string> files, const Session& session);

/// A file as people are told of it.
std::string display_name(const std::string& path);

/// A vector file, opened and looked at but not yet read.
class VectorInput {
 public:
  /// @param default_max_vocab  where `--max-vocab` is not given
  /// @param shown_name         the name for people; empty = the path
  VectorInput(const std::string& path, const InputOptions& options, Session& session,
              Index default_max_vocab = 0, const std::string& shown_name = {});

  const std::string& path() const { return path_; }
  const VectorFileInfo& info() const { return info_; }
  /// Words that will be read, duplicates taken for words; 0 when that cannot be told.
  std::uint64_t expected_words() const;
  /// The same where it stands in the file.
  std::optional<std::uint64_t> promised_words() const;

  /// Reads everything and reports it.
  Embeddings read();
  /// Reads the next rows for commands that stream; reports after the last ones.
  bool next(Embeddings& batch);
  /// What was met; complete after the last rows.
  const ReadReport& report() const { return report_; }

 private:
  void finish(std::uint64_t words);

  std::string path_;
  Session& session_;
  Index max_vocab_;
  bool selects_;
  std::optional<VectorReader> reader_;  // until the last row: it holds buffers and decoders
  VectorFileInfo info_;
  ReadReport report_;
  std::uint64_t words_ = 0;
};

/// The bytes a run will need, added up from its inputs before they are read.
class MemoryEstimate {
 public:
  /// All words and vectors are held.
  void add(const VectorInput& input);
  /// The words are held, to tell duplicates; the vectors pass through.
  void add_streamed(const VectorInput& input);
  void add(std::uint64_t bytes) { bytes_ += bytes; }
  /// Reports the sum.
  /// @throws Error(io) if it is above `--memory`
  void check(Session& session) const;

 private:
  std::uint64_t bytes_ = 0;
  bool complete_ = true;
};

struct Dictionary {
  std::string name;  ///< of the file, or of all files
  Lexicon lexicon;
  bool weights = false;  ///< a file has them
};

/// @throws Error(config) when no file is given
Dictionary read_dictionary(const DictionaryOptions& options, bool strict, Session& session);

/// Tells that weights were read, where they count.
void tell_of_weights(const Dictionary& dictionary, Session& session);

/// Looks the dictionary up and reports coverage, unknown words and what lower-casing would gain.
/// @throws Error(data) when nothing is covered
IndexedLexicon cover(const Dictionary& dictionary, const Vocabulary& source,
                     const Vocabulary& target, CasePolicy policy, Session& session);

}  // namespace xalign::cli
