#include "io/file_descriptor.h"

#include <xalign/error.h>

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>

namespace xalign {
namespace {

[[noreturn]] void fail_to_open(const std::string& path, int error) {
  if (error == ENOENT)
    throw Error(ErrorKind::io, path, "no such file", "a file to read", "check the name");
  if (error == EACCES)
    throw Error(ErrorKind::io, path, "no permission to read it", {}, "change its permissions");
  throw Error(ErrorKind::io, path, "cannot be opened: " + system_message(error));
}

}  // namespace

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

FileDescriptor open_for_reading(const std::string& path) {
  if (path.empty()) throw Error(ErrorKind::io, "input", "an empty file name", "a file name or -");
  const int inherited = inherited_descriptor(path, STDIN_FILENO);
  FileDescriptor file(inherited >= 0 ? ::fcntl(inherited, F_DUPFD_CLOEXEC, 0)
                                     : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status = {};
  if (!file || ::fstat(file.get(), &status) != 0) fail_to_open(input_name(path), errno);
  if (S_ISDIR(status.st_mode))
    throw Error(ErrorKind::io, input_name(path), "a directory", "a file", "name a file in it");
  return file;
}

std::string input_name(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

std::string system_message(int error) {
  return std::generic_category().message(error);
}

}  // namespace xalign
