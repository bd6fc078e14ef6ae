#include "program.h"

#include "help.h"
#include "manual.h"
#include "options.h"
#include "output.h"
#include "suggestions.h"
#include "version_text.h"

#include <xalign/error.h>
#include <xalign/parallel.h>
#include <xalign/text.h>

#include <CLI/Error.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <new>
#include <vector>

namespace xalign::cli {
namespace {

/// Prints our own help instead of the parser's.
class HelpFormatter : public CLI::FormatterBase {
 public:
  explicit HelpFormatter(const CommandHelp& help) : help_(help) {}
  std::string make_help(const CLI::App* app, std::string, CLI::AppFormatMode) const override {
    return help_text(help_, *app);
  }

 private:
  const CommandHelp& help_;
};

void prepare(CLI::App& app, const CommandHelp& help) {
  app.formatter(std::make_shared<HelpFormatter>(help));
  // What is left over is judged afterwards, with suggestions.
  app.allow_extras();
  app.require_subcommand(0, 1);
  app.set_help_flag("-h,--help", "Print this help");
  app.add_flag_callback(
      "--version", [] { throw CLI::CallForVersion(version_text(), 0); },
      "Print the version, the instruction sets in use and the libraries");
  app.get_option("--help")->group("Common options");
  app.get_option("--version")->group("Common options");
}

CLI::App& last_command(CLI::App& app) {
  CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return *command;
}

std::string command_line(const CLI::App& app) {
  std::string names = app.get_name();
  for (const CLI::App* parent = app.get_parent(); parent != nullptr; parent = parent->get_parent())
    names = parent->get_name() + " " + names;
  return names;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

[[noreturn]] void fail_at_extra(const CLI::App& app, const std::string& extra) {
  const std::string see = fmt::format("see `{} --help`", command_line(app));
  if (extra.size() > 1 && extra.front() == '-') {
    const std::string name = extra.substr(0, extra.find('='));
    const auto own = did_you_mean(name, option_names(app), see);
    throw Error(ErrorKind::config, printable(name), "unknown option",
                fmt::format("an option of `{}`", command_line(app)),
                app.get_parent() == nullptr ? "put options behind the command" : own);
  }
  if (const auto names = command_names(app); !names.empty())
    throw Error(ErrorKind::config, command_line(app),
                fmt::format("unknown command '{}'", printable(extra)),
                fmt::format("{}", fmt::join(names, ", ")), did_you_mean(extra, names, see));
  throw Error(ErrorKind::config, printable(extra), "unexpected argument", {}, see);
}

// Messages of the parser that are left to translate: a value missing, an option given twice, two
// options that exclude each other.
Error usage_error(const CLI::ParseError& error, const CLI::App& app) {
  const std::string text = error.what();
  const std::string option = text.substr(0, text.find_first_of(": "));
  const std::string see = fmt::format("see `{} --help`", command_line(app));
  if (text.find("required") != std::string::npos && text.find("missing") != std::string::npos)
    return Error(ErrorKind::config, option, "no value given", "one", see);
  if (text.find("At Most") != std::string::npos)
    return Error(ErrorKind::config, option, "given more than once", "once");
  if (const std::size_t at = text.find(" excludes "); at != std::string::npos)
    return Error(ErrorKind::config, option,
                 fmt::format("given together with {}", text.substr(at + 10)), "only one of them");
  return Error(ErrorKind::config, command_line(app), text, {}, see);
}

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::config:
      return kUsageError;
    case ErrorKind::data:
    case ErrorKind::io:
      return kInputError;
    case ErrorKind::numeric:
      return kNumericError;
  }
  return kInputError;
}

}  // namespace

Program::Program() : app_("", "xalign") {
  prepare(app_, help_of(""));
}

CLI::App& Program::add_command(const std::string& path) {
  CLI::App* parent = &app_;
  std::string name = path;
  if (const std::size_t blank = path.find(' '); blank != std::string::npos) {
    const std::string family = path.substr(0, blank);
    name = path.substr(blank + 1);
    const auto existing = command_names(app_);
    if (std::ranges::find(existing, family) == existing.end())
      prepare(*app_.add_subcommand(family), help_of(family));
    parent = app_.get_subcommand(family);
  }
  CLI::App& command = *parent->add_subcommand(name);
  prepare(command, help_of(path));
  add_common_options(command, common_);
  return command;
}

int Program::run(int argc, char** argv) {
  try {
    return run_command(argc, argv);
  } catch (const ClosedPipe&) {
    return kDone;
  } catch (const Error& error) {
    return report_error(error.what(), status_of(error.kind()));
  } catch (const std::bad_alloc&) {
    return report_error(
        "memory: exhausted; read fewer words with --max-vocab, or use a machine with more memory",
        kInputError);
  } catch (const std::exception& error) {
    return report_error(fmt::format("internal error: {}; please report it", error.what()),
                        kNumericError);
  }
}

int Program::run_command(int argc, char** argv) {
  try {
    app_.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    write_stdout(last_command(app_).help());
    return kDone;
  } catch (const CLI::CallForVersion& version) {
    write_stdout(version.what());
    return kDone;
  } catch (const CLI::ParseError& error) {
    throw usage_error(error, last_command(app_));
  }
  for (const CLI::App* app = &app_; app != nullptr;
       app = app->get_subcommands().empty() ? nullptr : app->get_subcommands().front())
    if (const auto extras = app->remaining(); !extras.empty()) fail_at_extra(*app, extras.front());
  CLI::App& command = last_command(app_);
  auto action = actions_.find(&command);
  // `eval bli` is a way to say `eval`.
  if (action == actions_.end()) action = actions_.find(command.get_parent());
  if (action == actions_.end())
    throw Error(ErrorKind::config, command_line(command), "no command given",
                fmt::format("{}", fmt::join(command_names(command), ", ")),
                fmt::format("see `{} --help`", command_line(command)));

  const ThreadLimit limit(common_.threads);
  Terminal terminal(common_.quiet     ? Verbosity::quiet
                    : common_.verbose ? Verbosity::verbose
                                      : Verbosity::normal,
                    common_.color);
  Session session{common_, *action->first, terminal};
  return action->second(session);
}

int Program::report_error(const std::string& line, int status) const {
  Terminal(Verbosity::normal, common_.color).error(line);
  return status;
}

}  // namespace xalign::cli
