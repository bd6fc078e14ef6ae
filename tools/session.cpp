#include "session.h"

#include <fmt/format.h>

namespace xalign::cli {

void Session::warn_without_effect(std::initializer_list<const char*> options,
                                  std::string_view why) const {
  for (const char* option : options)
    if (given(option)) terminal.warn(fmt::format("{} has no effect {}", option, why));
}

}  // namespace xalign::cli
