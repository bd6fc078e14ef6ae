#pragma once

#include "session.h"

#include <CLI/App.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace xalign::cli {

/// The program: its parser and what each command runs.
class Program {
 public:
  Program();

  /// Adds a command that help.h knows. `define` adds its options to the parser and `action` gets
  /// them filled in; it returns the exit status.
  template <class Options>
  void add(const std::string& path, void (*define)(CLI::App&, Options&),
           int (*action)(const Options&, Session&)) {
    auto options = std::make_shared<Options>();
    CLI::App& command = add_command(path);
    define(command, *options);
    actions_[&command] = [options, action](Session& session) { return action(*options, session); };
  }

  /// Parses and runs; returns the exit status. Throws nothing but `Interrupted`.
  int run(int argc, char** argv);

  const CLI::App& parser() const { return app_; }

 private:
  CLI::App& add_command(const std::string& path);
  /// The one that was typed; `bli` in `eval bli` is no command of its own.
  const CLI::App& command() const;
  void parse(std::vector<std::string> words);
  int run_command(std::vector<std::string> words);

  CLI::App app_;
  CommonOptions common_;
  Arguments arguments_;
  std::string isa_;
  Terminal terminal_;
  std::map<const CLI::App*, std::function<int(Session&)>> actions_;
};

/// Adds all commands.
void add_commands(Program& program);

}  // namespace xalign::cli
