#include "manual.h"

#include <xalign/version.h>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <vector>

namespace xalign::cli {
namespace {

constexpr std::size_t kWidth = 88;
constexpr std::string_view kDate = "2026-11-23";  // of the last change of these pages

struct OptionHelp {
  std::string names;    // "-o, --output"
  std::string metavar;  // "FILE"; empty for flags
  std::string text;

  std::string head() const { return metavar.empty() ? names : names + " " + metavar; }
};

struct OptionGroup {
  std::string title;
  std::vector<OptionHelp> options;
};

std::string option_names(const CLI::Option& option) {
  std::string names;
  for (const std::string& name : option.get_snames()) names += "-" + name + ", ";
  for (const std::string& name : option.get_lnames()) names += "--" + name + ", ";
  return names.substr(0, names.size() - 2);
}

// The common options come last.
std::vector<OptionGroup> option_groups(const CLI::App& app) {
  std::vector<OptionGroup> groups = {{"Options", {}}, {"Common options", {}}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->nonpositional() && !option->get_group().empty()) {
      OptionGroup& group = groups[option->get_group() == groups[1].title ? 1 : 0];
      const bool takes_value = option->get_items_expected_max() > 0;
      group.options.push_back({option_names(*option),
                               takes_value ? option->get_type_name() : std::string(),
                               option->get_description()});
    }
  }
  std::erase_if(groups, [](const OptionGroup& group) { return group.options.empty(); });
  return groups;
}

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + separator.size());
  }
}

std::string program_name(const CommandHelp& help, char joint) {
  std::string name = "xalign";
  if (!help.path.empty()) name += fmt::format("{}{}", joint, help.path);
  std::ranges::replace(name, ' ', joint);
  return name;
}

std::vector<std::string> usage_lines(const CommandHelp& help) {
  std::vector<std::string> lines = split(help.usage, "\n");
  for (std::string& line : lines) {
    line = program_name(help, ' ') + " " + line;
    if (line.find("[OPTIONS]") == std::string::npos) line += " [OPTIONS]";
  }
  return lines;
}

std::string wrap(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t column = 0;
  for (const std::string& word : split(text, " ")) {
    if (column > 0 && column + 1 + word.size() > kWidth - indent) {
      out += "\n" + std::string(indent, ' ');
      column = 0;
    }
    if (column > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

std::vector<const CommandHelp*> commands_below(const CommandHelp& help) {
  std::vector<const CommandHelp*> found;
  for (const CommandHelp& command : all_help()) {
    if (command.path.empty() || command.path == help.path) continue;
    const bool nested = command.path.find(' ') != std::string_view::npos;
    if (help.path.empty() ? !nested : command.path.starts_with(fmt::format("{} ", help.path)))
      found.push_back(&command);
  }
  return found;
}

// In man pages a dash must be told from a hyphen, and backslashes and leading dots are commands.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string markdown_cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

void markdown_section(std::string& out, const CommandHelp& help, const CLI::App& app) {
  out += fmt::format("\n## {}\n\n{} {}.\n\n```\n", program_name(help, ' '), program_name(help, ' '),
                     help.summary);
  for (const std::string& line : usage_lines(help)) out += line + "\n";
  out += fmt::format("```\n\n{}\n\n", help.description);
  for (const OptionGroup& group : option_groups(app)) {
    if (group.title != "Options") continue;
    out += "| option | meaning |\n|---|---|\n";
    for (const OptionHelp& option : group.options)
      out +=
          fmt::format("| `{}` | {} |\n", markdown_cell(option.head()), markdown_cell(option.text));
    out += "\n";
  }
  out += "```sh\n";
  for (const HelpExample& example : help.examples)
    out += fmt::format("# {}\n{}\n", example.meaning, example.command);
  out += "```\n";
}

}  // namespace

const CLI::App& app_of(const CLI::App& program, const CommandHelp& help) {
  const CLI::App* app = &program;
  if (!help.path.empty())
    for (const std::string& name : split(help.path, " ")) app = app->get_subcommand(name);
  return *app;
}

std::string help_text(const CommandHelp& help, const CLI::App& app) {
  std::string out = fmt::format("{} - {}\n\nUsage\n", program_name(help, ' '), help.summary);
  for (const std::string& line : usage_lines(help)) out += fmt::format("  {}\n", line);
  for (const std::string& paragraph : split(help.description, "\n\n"))
    out += "\n" + wrap(paragraph, 0) + "\n";
  if (const auto commands = commands_below(help); !commands.empty()) {
    out += "\nCommands\n";
    for (const CommandHelp* command : commands)
      out += fmt::format("  {:<16}{}\n", command->path, command->summary);
  }
  for (const OptionGroup& group : option_groups(app)) {
    out += fmt::format("\n{}\n", group.title);
    for (const OptionHelp& option : group.options) {
      const std::string head = option.head();
      const std::string gap =
          head.size() < 26 ? std::string(26 - head.size(), ' ') : "\n" + std::string(28, ' ');
      out += fmt::format("  {}{}{}\n", head, gap, wrap(option.text, 28));
    }
  }
  out += "\nExamples\n";
  for (const HelpExample& example : help.examples)
    out += fmt::format("  # {}\n  {}\n", example.meaning, example.command);
  out += "\nExit status\n";
  for (const ExitStatus& exit : exit_statuses())
    out += fmt::format("  {}  {}\n", exit.status, exit.meaning);
  return out;
}

std::string man_page(const CommandHelp& help, const CLI::App& app) {
  const std::string name = program_name(help, '-');
  std::string title = name;
  std::ranges::transform(title, title.begin(), [](unsigned char c) { return std::toupper(c); });
  std::string out = fmt::format(".TH {} 1 \"{}\" \"xalign {}\" \"User Commands\"\n", roff(title),
                                kDate, XALIGN_VERSION);
  out += fmt::format(".SH NAME\n{} \\- {}\n.SH SYNOPSIS\n.nf\n", roff(name), roff(help.summary));
  for (const std::string& line : usage_lines(help)) out += fmt::format(".B {}\n", roff(line));
  out += ".fi\n.SH DESCRIPTION\n";
  const auto paragraphs = split(help.description, "\n\n");
  for (std::size_t i = 0; i < paragraphs.size(); ++i)
    out += fmt::format("{}{}\n", i > 0 ? ".PP\n" : "", roff(paragraphs[i]));
  if (const auto commands = commands_below(help); !commands.empty()) {
    out += ".SH COMMANDS\n";
    for (const CommandHelp* command : commands)
      out += fmt::format(".TP\n.BR {} (1)\n{}\n", roff(program_name(*command, '-')),
                         roff(command->summary));
  }
  for (const OptionGroup& group : option_groups(app)) {
    std::string heading = group.title;
    std::ranges::transform(heading, heading.begin(),
                           [](unsigned char c) { return std::toupper(c); });
    out += fmt::format(".SH {}\n", heading);
    for (const OptionHelp& option : group.options) {
      out += fmt::format(".TP\n\\fB{}\\fR", roff(option.names));
      if (!option.metavar.empty()) out += fmt::format(" \\fI{}\\fR", roff(option.metavar));
      out += fmt::format("\n{}\n", roff(option.text));
    }
  }
  out += ".SH EXAMPLES\n";
  for (const HelpExample& example : help.examples)
    out += fmt::format(".TP\n{}\n.nf\n{}\n.fi\n", roff(example.meaning), roff(example.command));
  out += ".SH EXIT STATUS\n";
  for (const ExitStatus& exit : exit_statuses())
    out += fmt::format(".TP\n{}\n{}\n", exit.status, roff(exit.meaning));
  if (!help.path.empty()) out += ".SH SEE ALSO\n.BR xalign (1)\n";
  return out;
}

std::string commands_markdown(const CLI::App& program) {
  const CommandHelp& general = help_of("");
  std::string out = fmt::format(
      "# Commands\n\nThis page is made from the program's own help texts by `xalign-docs`; "
      "`xalign COMMAND --help` and the man pages say the same.\n\n{}\n\n| command | does |\n"
      "|---|---|\n",
      general.description);
  for (const CommandHelp& help : all_help())
    if (!help.path.empty() && help.path != "lexicon")
      out += fmt::format("| [`{0}`](#{1}) | {2} |\n", help.path, program_name(help, '-'),
                         help.summary);
  const CLI::App& any = app_of(program, help_of("map"));
  out += "\n## Common options\n\nEvery command has these.\n\n| option | meaning |\n|---|---|\n";
  for (const OptionGroup& group : option_groups(any))
    if (group.title != "Options")
      for (const OptionHelp& option : group.options)
        out += fmt::format("| `{}` | {} |\n", markdown_cell(option.head()),
                           markdown_cell(option.text));
  out += "\n## Exit status\n\n| status | meaning |\n|---|---|\n";
  for (const ExitStatus& exit : exit_statuses())
    out += fmt::format("| {} | {} |\n", exit.status, exit.meaning);
  out +=
      "\nThe first line on standard error of a failure is `xalign: error: WHERE: WHAT WAS FOUND "
      "(expected WHAT); HOW TO GO ON`. Warnings begin with `xalign: warning: `.\n";
  for (const CommandHelp& help : all_help())
    if (!help.path.empty() && help.path != "lexicon")
      markdown_section(out, help, app_of(program, help));
  return out;
}

}  // namespace xalign::cli
