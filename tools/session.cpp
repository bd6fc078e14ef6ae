#include "session.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace xalign::cli {

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
                fmt::format("only {}", fmt::join(names, " ")), "see --help");
}

std::vector<std::string> Arguments::from(std::size_t index) const {
  return {values.begin() + static_cast<std::ptrdiff_t>(std::min(index, values.size())),
          values.end()};
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
