#include "io/file_descriptor.h"

#include <charconv>
#include <system_error>

namespace xalign {

int inherited_descriptor(std::string_view path, int number_of_dash) {
  if (path == "-") return number_of_dash;
  if (path == "/dev/stdin") return STDIN_FILENO;
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    int number = -1;
    const char* end = path.data() + path.size();
    const auto parsed = std::from_chars(path.data() + folder.size(), end, number);
    if (parsed.ec == std::errc() && parsed.ptr == end && number >= 0) return number;
  }
  return -1;
}

std::string system_message(int error) {
  return std::generic_category().message(error);
}

}  // namespace xalign
