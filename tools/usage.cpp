#include "usage.h"

#include "core/names.h"

#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace xalign::cli {
namespace {

using Names = std::vector<std::string_view>;

std::string command_line(const CLI::App& app) {
  std::string names = app.get_name();
  for (const CLI::App* parent = app.get_parent(); parent != nullptr; parent = parent->get_parent())
    names = parent->get_name() + " " + names;
  return names;
}

std::string see_help(const CLI::App& app) {
  return fmt::format("see `{} --help`", command_line(app));
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    if (option->get_lnames().empty())
      for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::string nearest_or_help(std::string_view typed, const std::vector<std::string>& names,
                            const CLI::App& app) {
  const std::string nearest = did_you_mean(typed, Names(names.begin(), names.end()));
  return nearest.empty() ? see_help(app) : nearest;
}

}  // namespace

Error unexpected(const CLI::App& app, const std::string& argument) {
  if (argument.size() > 1 && argument.front() == '-') {
    const std::string name = argument.substr(0, argument.find('='));
    const bool before_command = app.get_parent() == nullptr;
    return Error(ErrorKind::config, printable(name), "unknown option",
                 fmt::format("an option of `{}`", command_line(app)),
                 before_command ? "options stand behind the command"
                                : nearest_or_help(name, option_names(app), app));
  }
  const auto names = command_names(app);
  if (names.empty())
    return Error(ErrorKind::config, printable(argument), "unexpected argument", {}, see_help(app));
  return Error(ErrorKind::config, command_line(app),
               fmt::format("unknown command '{}'", printable(argument)),
               list_names(Names(names.begin(), names.end())),
               nearest_or_help(argument, names, app));
}

void refuse_mistyped_command(const CLI::App& app, const std::string& word) {
  const auto names = command_names(app);
  std::error_code ignored;
  if (names.empty() || word == "-" || std::filesystem::exists(word, ignored)) return;
  const Names known(names.begin(), names.end());
  if (!did_you_mean(word, known).empty()) throw unexpected(app, word);
  // What looks like the name of a file is answered as one that is missing.
  if (word.find_first_of("./") != std::string::npos) return;
  throw Error(ErrorKind::config, printable(word), "neither a file nor a command",
              fmt::format("a file, or {}", list_names(known)), see_help(app));
}

Error misplaced(const CLI::Option& option, const CLI::App& app) {
  return Error(ErrorKind::config, option.get_name(), "before the command",
               fmt::format("behind `{}`", command_line(app)), "options stand behind the command");
}

Error missing_command(const CLI::App& app) {
  const auto names = command_names(app);
  return Error(ErrorKind::config, command_line(app), "no command given",
               list_names(Names(names.begin(), names.end())), see_help(app));
}

Error usage_error(const CLI::ParseError& error, const CLI::App& app) {
  const std::string text = error.what();
  const std::string option = text.substr(0, text.find_first_of(": "));
  if (text.find(" required ") != std::string::npos && text.ends_with("missing"))
    return Error(ErrorKind::config, option, "no value given", "one", see_help(app));
  if (text.find("At Most") != std::string::npos)
    return Error(ErrorKind::config, option, "given more than once", "once");
  if (const std::size_t at = text.find(" excludes "); at != std::string::npos)
    return Error(ErrorKind::config, option, fmt::format("given with {}", text.substr(at + 10)),
                 "one of the two");
  return Error(ErrorKind::config, command_line(app), text, {}, see_help(app));
}

std::string with_dashes(const std::string& line, const CLI::App& app) {
  const std::size_t colon = std::min(line.find(':'), line.size());
  std::string name = line.substr(0, colon);
  std::ranges::replace(name, '_', '-');
  const auto options = option_names(app);
  for (const std::string& option : {"--" + name, "-" + name})
    if (std::ranges::find(options, option) != options.end()) return option + line.substr(colon);
  return line;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

}  // namespace xalign::cli
