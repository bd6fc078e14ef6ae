#pragma once

#include "terminal.h"

#include <xalign/matrix.h>
#include <xalign/retrieval.h>

#include <CLI/App.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xalign::cli {

/// The options that every command has.
struct CommonOptions {
  int threads = 0;  ///< 0 = all cores the process may use
  std::uint64_t seed = 1;
  std::optional<Index> max_vocab;
  std::uint64_t memory = 0;  ///< bytes; 0 = no limit
  bool quiet = false;
  bool verbose = false;
  ColorChoice color = ColorChoice::automatic;
};

/// The positional arguments of a command: fixed ones by name, then any number of words if `rest`.
struct Arguments {
  std::vector<std::string> values;
  bool output_is_option = false;  ///< the command has -o, and it was not given

  /// @throws Error(config) naming the first that is missing, or the first too many
  void require(std::initializer_list<const char*> names, bool rest = false) const;
  const std::string& operator[](std::size_t index) const { return values[index]; }
  std::size_t size() const { return values.size(); }
  std::vector<std::string> from(std::size_t index) const;
};

/// What a command is given beside its own options.
struct Session {
  const CommonOptions& common;
  const CLI::App& parser;  ///< of the command
  const Arguments& arguments;
  const std::string& isa;  ///< instruction set to force; empty = the best
  Terminal& terminal;
  std::string listed_input = {};  ///< the input whose words are those of --words-file

  bool given(const char* option) const { return parser.count(option) > 0; }
  /// All files that the command line names: the arguments, and the values of options that take one
  /// (FILE or STORE), each as often as it stands there.
  std::vector<std::string> named_files() const;
  /// Warns about those of the options that were given: "--lambda has no effect WHY".
  void warn_without_effect(std::initializer_list<const char*> options, std::string_view why) const;
  /// The same for the options of ways of retrieval that are not used.
  void warn_of_scoring_without_effect(std::span<const Retrieval> used) const;
};

constexpr int kDone = 0;
constexpr int kCheckFailed = 1;
constexpr int kUsageError = 2;
constexpr int kInputError = 3;
constexpr int kNumericError = 4;

}  // namespace xalign::cli
