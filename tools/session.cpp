#include "session.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace xalign::cli {
namespace {

/// Whether a value of an option of this metavar, such as "prefix|script|FILE", names a file.
bool names_file(std::string_view metavar, std::string_view value) {
  bool file = false;
  while (!metavar.empty()) {
    const std::size_t end = std::min(metavar.find('|'), metavar.size());
    const std::string_view kind = metavar.substr(0, end);
    metavar.remove_prefix(std::min(end + 1, metavar.size()));
    if (kind == "FILE" || kind == "STORE")
      file = true;
    else if (kind == value)
      return false;
  }
  return file;
}

}  // namespace

void Arguments::require(std::initializer_list<const char*> names, bool rest) const {
  std::size_t position = 0;
  for (const char* name : names) {
    if (position >= values.size())
      throw Error(ErrorKind::config, name, "not given", fmt::format("{}", fmt::join(names, " ")),
                  "see --help");
    if (values[position++].empty()) throw Error(ErrorKind::config, name, "an empty name", "a file");
  }
  if (!rest && values.size() > names.size())
    throw Error(ErrorKind::config, printable(values[names.size()]), "unexpected argument",
                fmt::format("only {}", fmt::join(names, " ")),
                output_is_option ? "an output is named by an option: -o FILE" : "see --help");
}

std::vector<std::string> Arguments::from(std::size_t index) const {
  return {values.begin() + static_cast<std::ptrdiff_t>(std::min(index, values.size())),
          values.end()};
}

std::vector<std::string> Session::named_files() const {
  std::vector<std::string> files = arguments.values;
  for (const CLI::Option* option : parser.get_options())
    for (const std::string& value : option->results())
      if (names_file(option->get_type_name(), value)) files.push_back(value);
  return files;
}

void Session::warn_without_effect(std::initializer_list<const char*> options,
                                  std::string_view why) const {
  for (const char* option : options)
    if (given(option)) terminal.warn(fmt::format("{} has no effect {}", option, why));
}

void Session::warn_of_scoring_without_effect(std::span<const Retrieval> used) const {
  const auto uses = [&](Retrieval retrieval) {
    return std::ranges::find(used, retrieval) != used.end();
  };
  if (!uses(Retrieval::csls)) warn_without_effect({"--csls-k", "--csls-vocab"}, "without csls");
  if (!uses(Retrieval::isf)) warn_without_effect({"--isf-beta"}, "without isf");
}

}  // namespace xalign::cli
