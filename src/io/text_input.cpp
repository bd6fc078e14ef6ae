#include "io/text_input.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace xalign {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kLongestLine = std::size_t{1} << 26;
constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::size_t kBeginning = std::size_t{1} << 16;

struct Foreign {
  std::string_view start;
  std::string_view name;
  std::string_view remedy;
};

constexpr std::string_view kUnpack = "unpack it, or compress it with gzip, bzip2, xz or zstd";

constexpr Foreign kForeign[] = {
    {"\xff\xfe\0\0"sv, "UTF-32 text", "convert it: iconv -f UTF-32 -t UTF-8"},
    {"\0\0\xfe\xff"sv, "UTF-32 text", "convert it: iconv -f UTF-32 -t UTF-8"},
    {"\xff\xfe"sv, "UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8"},
    {"\xfe\xff"sv, "UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8"},
    {"PK\x03\x04"sv, "a zip archive", kUnpack},
    {"7z\xbc\xaf\x27\x1c"sv, "a 7z archive", kUnpack},
    {"\x04\x22\x4d\x18"sv, "an lz4 file", kUnpack},
    {"\x5d\0\0"sv, "an lzma file", kUnpack},
    {"LZIP\x01"sv, "an lzip file", kUnpack},
    {"\x1f\x9d"sv, "a .Z file of compress", kUnpack},
    {"\xba\x16\x4f\x2f"sv, "a fastText .bin model", "give it as a vector file"},
    {"\x93NUMPY"sv, "a numpy array", "give it as a vector file"},
    {"\x89XMAP"sv, "what looks like a binary file, a mapping", "is this the right file?"},
    {"\x89XVEC"sv, "what looks like a binary file, a store of vectors", "is this the right file?"},
};

/// Control characters that no text has, white space and escapes aside.
bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 32 && (byte < 7 || byte > 13) && byte != 27;
}

/// A zero byte is enough; other control characters only where the rest is no UTF-8 either, because
/// crawled words hold some.
bool looks_binary(std::string_view bytes) {
  if (bytes.size() > kBeginning) {
    bytes = bytes.substr(0, kBeginning);
    while (!bytes.empty() && (bytes.back() & '\x80') != 0) bytes.remove_suffix(1);  // cut apart
  }
  return bytes.find('\0') != std::string_view::npos ||
         (std::any_of(bytes.begin(), bytes.end(), is_control) && !is_utf8(bytes));
}

}  // namespace

std::unique_ptr<TextInput> TextInput::open(const std::string& path) {
  auto input = std::make_unique<TextInput>(ByteInput::open(path));
  input->all_text_ = true;
  return input;
}

std::string_view TextInput::next_lines(std::size_t bytes) {
  std::string_view lines = take_lines(bytes);
  if (started_) return lines;
  started_ = true;
  for (const Foreign& foreign : kForeign)
    if (lines.starts_with(foreign.start))
      throw Error(ErrorKind::data, name(), foreign.name, "text in UTF-8", foreign.remedy);
  if (all_text_ && looks_binary(lines))
    throw Error(ErrorKind::data, name(), "what looks like a binary file", "text in UTF-8",
                "is this the right file?");
  if (!lines.starts_with(kByteOrderMark)) return lines;
  lines.remove_prefix(kByteOrderMark.size());
  // An empty answer would mean the end of the file.
  return lines.empty() ? take_lines(bytes) : lines;
}

std::string_view TextInput::take_lines(std::size_t bytes) {
  for (std::size_t wanted = std::max<std::size_t>(bytes, 1);;) {
    const std::string_view ahead = bytes_->peek(wanted);
    std::size_t length = ahead.size();
    if (length >= wanted) {
      // The first line end from there on, or else the last one before.
      const std::string_view tail = ahead.substr(wanted - 1, kLongestLine);
      const void* newline = std::memchr(tail.data(), '\n', tail.size());
      length = newline == nullptr
                   ? ahead.rfind('\n', wanted - 1) + 1
                   : static_cast<std::size_t>(static_cast<const char*>(newline) - ahead.data()) + 1;
    }
    if (length > 0 || ahead.empty()) {
      bytes_->take(length);
      return ahead.substr(0, length);
    }
    check_line_length(ahead.size());
    wanted = ahead.size() * 2;
  }
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
    throw Error(ErrorKind::data, name(),
                fmt::format("a line of more than {} MiB", kLongestLine >> 20), "lines of text",
                "is this a text file?");
}

}  // namespace xalign
