#include "spool.h"

#include "io/file_descriptor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace xalign::cli {

Spool::Spool(const std::string& path) : shown_(path) {
  std::error_code ignored;
  if (path != "-" &&
      (!std::filesystem::exists(path, ignored) || std::filesystem::is_regular_file(path, ignored) ||
       std::filesystem::is_directory(path, ignored)))
    return;
  file_.reset(std::tmpfile());
  bool good = file_ != nullptr;
  const FileDescriptor input = open_for_reading(path);
  std::vector<char> buffer(std::size_t{1} << 16);
  for (ssize_t got = 1; good && got > 0;) {
    got = ::read(input.get(), buffer.data(), buffer.size());
    if (got < 0)
      throw Error(ErrorKind::io, input_name(path), "cannot be read: " + system_message(errno));
    good = std::fwrite(buffer.data(), 1, static_cast<std::size_t>(got), file_.get()) ==
           static_cast<std::size_t>(got);
  }
  if (!good || std::fflush(file_.get()) != 0)
    throw Error(ErrorKind::io, "temporary file", "cannot write: " + system_message(errno),
                "room for what comes through the pipe", "write it to a file first");
  // By the number of the process: /dev/fd would share one position among all readers.
  path_ = fmt::format("/proc/{}/fd/{}", ::getpid(), ::fileno(file_.get()));
}

Error Spool::rename(const Error& error) const {
  std::string text = error.what();
  for (std::size_t at = 0; !path_.empty() && (at = text.find(path_, at)) != text.npos;)
    text.replace(at, path_.size(), input_name(shown_));
  const std::size_t end = std::min(text.find(": "), text.size());
  return {error.kind(), text.substr(0, end), text.substr(std::min(end + 2, text.size()))};
}

}  // namespace xalign::cli
