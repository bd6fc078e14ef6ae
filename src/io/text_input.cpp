#include "io/text_input.h"

#include "io/compression.h"
#include "io/file_descriptor.h"
#include "io/mapped_text.h"
#include "io/streamed_text.h"

#include <xalign/error.h>

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace xalign {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kLongestLine = std::size_t{1} << 26;
constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr auto kByteOrderMark = "\xef\xbb\xbf"sv;

struct Foreign {
  std::string_view start;
  std::string_view name;
  std::string_view remedy;
};

constexpr Foreign kForeign[] = {
    {"\xff\xfe"sv, "UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8"},
    {"\xfe\xff"sv, "UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8"},
    {"PK\x03\x04"sv, "a zip archive", "unpack it first"},
    {"\xba\x16\x4f\x2f"sv, "a fastText .bin model", "use the .vec file beside it"},
    {"\x93NUMPY"sv, "a numpy array", "write the vectors as text"},
};

[[noreturn]] void fail_to_open(const std::string& path, int error) {
  if (error == ENOENT)
    throw Error(ErrorKind::io, path, "no such file", "a file to read", "check the name");
  if (error == EACCES)
    throw Error(ErrorKind::io, path, "no permission to read it", {}, "change its permissions");
  throw Error(ErrorKind::io, path, "cannot be opened: " + system_message(error));
}

FileDescriptor open_for_reading(const std::string& path) {
  if (path.empty()) throw Error(ErrorKind::io, "input", "an empty file name", "a file name or -");
  const int inherited = inherited_descriptor(path, STDIN_FILENO);
  FileDescriptor file(inherited >= 0 ? ::fcntl(inherited, F_DUPFD_CLOEXEC, 0)
                                     : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) fail_to_open(path, errno);
  return file;
}

}  // namespace

std::unique_ptr<TextInput> TextInput::open(const std::string& path) {
  const std::string name = path == "-" ? "standard input" : path;
  FileDescriptor file = open_for_reading(path);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) fail_to_open(name, errno);
  if (S_ISDIR(status.st_mode))
    throw Error(ErrorKind::io, name, "a directory", "a file", "name a file in it");
  const off_t position = ::lseek(file.get(), 0, SEEK_CUR);
  // The files of /proc call themselves regular and empty, but can be read.
  if (S_ISREG(status.st_mode) && status.st_size > 0 && position >= 0) {
    const auto size = static_cast<std::uint64_t>(status.st_size);
    char start[8] = {};
    const ssize_t got = ::pread(file.get(), start, sizeof start, position);
    if (got < 0) fail_to_open(name, errno);
    if (compression_of_content({start, static_cast<std::size_t>(got)}) == Compression::none)
      if (auto mapped = MappedText::map(name, file, size, static_cast<std::uint64_t>(position)))
        return mapped;
    return std::make_unique<StreamedText>(name, std::move(file), size);
  }
  return std::make_unique<StreamedText>(name, std::move(file), 0);
}

std::string_view TextInput::next_lines(std::size_t bytes) {
  std::string_view lines = take_lines(bytes);
  if (started_) return lines;
  started_ = true;
  for (const Foreign& foreign : kForeign)
    if (lines.starts_with(foreign.start))
      throw Error(ErrorKind::data, name_, foreign.name, "text in UTF-8", foreign.remedy);
  if (!lines.starts_with(kByteOrderMark)) return lines;
  lines.remove_prefix(kByteOrderMark.size());
  // An empty answer would mean the end of the file.
  return lines.empty() ? take_lines(bytes) : lines;
}

std::string TextInput::rest() {
  std::string text;
  for (;;) {
    const std::string_view lines = next_lines(kPiece);
    if (lines.empty()) return text;
    text += lines;
  }
}

void TextInput::check_line_length(std::size_t bytes) const {
  if (bytes > kLongestLine)
    throw Error(ErrorKind::data, name_,
                fmt::format("a line of more than {} MiB", kLongestLine >> 20), "lines of text",
                "is this a text file?");
}

}  // namespace xalign
