#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace xalign::cli {

struct HelpExample {
  std::string_view command;
  std::string_view meaning;
};

/// The words about one command that `--help`, the man pages and docs/commands.md share. What they
/// say about options stands where the options are defined.
struct CommandHelp {
  std::string_view path;         ///< "lexicon induce"; empty for the program itself
  std::string_view summary;      ///< one line, no full stop
  std::string_view usage;        ///< positionals and usual options; one line per form
  std::string_view description;  ///< paragraphs, separated by empty lines
  std::vector<HelpExample> examples;
};

/// All commands in the order of a day's work; the first is the program itself.
std::span<const CommandHelp> all_help();
const CommandHelp& help_of(std::string_view path);

struct ExitStatus {
  int status;
  std::string_view meaning;
};
std::span<const ExitStatus> exit_statuses();

}  // namespace xalign::cli
