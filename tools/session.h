#pragma once

#include "terminal.h"

#include <xalign/matrix.h>

#include <CLI/App.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

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

/// What a command is given beside its own options.
struct Session {
  const CommonOptions& common;
  const CLI::App& parser;  ///< of the command
  Terminal& terminal;

  bool given(const char* option) const { return parser.count(option) > 0; }
  /// Warns about those of the options that were given: "--lambda has no effect WHY".
  void warn_without_effect(std::initializer_list<const char*> options, std::string_view why) const;
};

constexpr int kDone = 0;
constexpr int kCheckFailed = 1;
constexpr int kUsageError = 2;
constexpr int kInputError = 3;
constexpr int kNumericError = 4;

}  // namespace xalign::cli
