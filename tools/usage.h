#pragma once

#include <xalign/error.h>

#include <CLI/App.hpp>
#include <CLI/Error.hpp>

#include <string>
#include <vector>

namespace xalign::cli {

// What is said about a command line that makes no sense.

/// Arguments that no command has taken: an unknown option or command, with the nearest name.
Error unexpected(const CLI::App& command, const std::string& argument);

/// An option that stands before the command it is of: `eval --json similarity`.
Error misplaced(const CLI::Option& option, const CLI::App& command);

/// For a command that takes files and has subcommands, too: refuses a word that names no file and
/// is near to the name of one, or does not look like the name of a file.
/// @throws Error(config)
void refuse_mistyped_command(const CLI::App& app, const std::string& word);

/// A command that needs another one behind it.
Error missing_command(const CLI::App& command);

/// What the parser itself complains about, in our words.
Error usage_error(const CLI::ParseError& error, const CLI::App& command);

/// The library names an option without its dashes: they are put in front here.
std::string with_dashes(const std::string& line, const CLI::App& command);

std::vector<std::string> command_names(const CLI::App& app);

}  // namespace xalign::cli
