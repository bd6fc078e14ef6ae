#include "program.h"

#include "help.h"
#include "manual.h"
#include "options.h"
#include "output.h"
#include "usage.h"
#include "version_text.h"

#include <xalign/error.h>
#include <xalign/parallel.h>
#include <xalign/text.h>
#include <xalign/topk.h>

#include <CLI/Config.hpp>
#include <CLI/Error.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
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

/// The instruction set named by the environment, to compare them or to get around one.
std::string forced_isa() {
  const char* value = std::getenv("XALIGN_ISA");
  const std::string isa = value == nullptr ? "" : value;
  const auto known = topk_isas();
  if (!isa.empty() && std::ranges::find(known, isa) == known.end())
    throw Error(ErrorKind::config, "XALIGN_ISA", fmt::format("'{}'", printable(isa)),
                fmt::format("one of {}", fmt::join(known, ", ")), "unset it to use the best");
  return isa;
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

const CLI::App& Program::command() const {
  const CLI::App* command = &app_;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return command->get_group().empty() ? *command->get_parent() : *command;
}

int Program::run(int argc, char** argv) {
  try {
    return run_command({argv + std::min(argc, 1), argv + argc});
  } catch (const ClosedPipe&) {
    return kDone;
  } catch (const Error& error) {
    const std::string line = error.what();
    terminal_.error(error.kind() == ErrorKind::config ? with_dashes(line, command()) : line);
    return status_of(error.kind());
  } catch (const std::bad_alloc&) {
    terminal_.error(
        "memory: exhausted; read fewer words with --max-vocab, or use a machine with more memory");
    return kInputError;
  } catch (const std::exception& error) {
    terminal_.error(fmt::format("internal error: {}; please report it", error.what()));
    return kNumericError;
  }
}

void Program::parse(std::vector<std::string> words) {
  // What stands behind "--" is words, even if it looks like options.
  const auto marker = std::ranges::find(words, "--");
  std::vector<std::string> behind(marker, words.end());
  if (!behind.empty()) behind.erase(behind.begin());
  words.erase(marker, words.end());
  std::ranges::reverse(words);
  app_.parse(words);
  for (const CLI::App* app = &app_; app != nullptr;
       app = app->get_subcommands().empty() ? nullptr : app->get_subcommands().front()) {
    if (app != &command())
      for (const CLI::Option* option : app->get_options())
        if (option->count() > 0) throw misplaced(*option, command());
    for (const std::string& word : app->remaining()) {
      const bool option = word.size() > 1 && word.front() == '-';
      if (option || !actions_.contains(&command())) throw unexpected(*app, word);
      arguments_.values.push_back(word);
    }
  }
  arguments_.values.insert(arguments_.values.end(), behind.begin(), behind.end());
}

int Program::run_command(std::vector<std::string> words) {
  try {
    parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    write_stdout(command().help());
    return kDone;
  } catch (const CLI::CallForVersion& version) {
    write_stdout(version.what());
    return kDone;
  } catch (const CLI::ParseError& error) {
    throw usage_error(error, command());
  }
  const auto action = actions_.find(&command());
  if (action == actions_.end()) throw missing_command(command());
  if (!arguments_.values.empty()) refuse_mistyped_command(command(), arguments_.values.front());

  const CLI::Option* output = action->first->get_option_no_throw("--output");
  arguments_.output_is_option = output != nullptr && output->count() == 0;
  isa_ = forced_isa();
  const ThreadLimit limit(common_.threads);
  terminal_.configure(common_.quiet     ? Verbosity::quiet
                      : common_.verbose ? Verbosity::verbose
                                        : Verbosity::normal,
                      common_.color);
  Session session{common_, *action->first, arguments_, isa_, terminal_};
  const int status = action->second(session);
  terminal_.release();
  return status;
}

}  // namespace xalign::cli
