#include "store_input.h"

#include "output.h"

#include <fmt/format.h>

namespace xalign::cli {

bool reads_in_place(const std::string& path, const Session& session) {
  for (const char* option : {"--vocab", "--min-count", "--script"})
    if (session.given(option)) return false;
  return session.common.max_vocab.value_or(0) == 0 && is_store_file(path);
}

std::string describe(const std::string& path, const Store& store) {
  return fmt::format("{}: {} x {}, {} store", path,
                     counted(static_cast<std::uint64_t>(store.size()), "word"), store.dimension(),
                     to_string(store.type()));
}

}  // namespace xalign::cli
