#include "io/text_input.h"

#include "io/file_descriptor.h"
#include "io/mapped_text.h"
#include "io/streamed_text.h"

#include <xalign/error.h>

#include <fmt/format.h>

#include <algorithm>
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

}  // namespace

std::unique_ptr<TextInput> TextInput::open(const std::string& path) {
  const std::string name = input_name(path);
  FileDescriptor file = open_for_reading(path);
  struct stat status = {};
  const off_t position = ::lseek(file.get(), 0, SEEK_CUR);
  std::uint64_t size = 0;
  // The files of /proc call themselves regular and empty, but can be read.
  if (::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) && position >= 0)
    size = static_cast<std::uint64_t>(status.st_size);
  if (size > 0) {
    char start[8] = {};
    const ssize_t got = ::pread(file.get(), start, sizeof start, position);
    const std::string_view magic(start, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (compression_of_content(magic) == Compression::none)
      if (auto mapped = MappedText::map(name, file, size, static_cast<std::uint64_t>(position)))
        return mapped;
  }
  auto stream = std::make_unique<ByteStream>(name, std::move(file));
  return std::make_unique<StreamedText>(name, std::move(stream), size);
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
