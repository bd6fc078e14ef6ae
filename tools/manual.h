#pragma once

#include "help.h"

#include <CLI/App.hpp>

#include <string>

namespace xalign::cli {

// The three forms of the manual, made from the command table (help.h) and the options as the parser
// knows them.

std::string help_text(const CommandHelp& help, const CLI::App& app);
std::string man_page(const CommandHelp& help, const CLI::App& app);
/// docs/commands.md as a whole.
std::string commands_markdown(const CLI::App& program);

/// The parser of a command: "lexicon induce" is a subcommand of a subcommand.
const CLI::App& app_of(const CLI::App& program, const CommandHelp& help);

}  // namespace xalign::cli
