#include "io/streamed_text.h"

#include <xalign/error.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace xalign {
namespace {

constexpr std::size_t kRawPiece = std::size_t{1} << 18;
constexpr std::size_t kLongestMagic = 6;

std::size_t read_some(const std::string& path, int file, std::span<char> space) {
  for (;;) {
    const ssize_t got = ::read(file, space.data(), space.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR)
      throw Error(ErrorKind::io, path, "cannot be read: " + system_message(errno));
  }
}

std::string read_start(const std::string& path, int file) {
  std::string start(kLongestMagic, '\0');
  std::size_t size = 0;
  while (size < start.size()) {
    const std::size_t got = read_some(path, file, std::span(start).subspan(size));
    if (got == 0) break;
    size += got;
  }
  start.resize(size);
  return start;
}

}  // namespace

struct StreamedText::Start {
  FileDescriptor file;
  std::string bytes;
};

StreamedText::StreamedText(const std::string& path, FileDescriptor file, std::uint64_t file_bytes)
    : StreamedText(
          path,
          [&] {
            std::string bytes = read_start(path, file.get());
            return Start{std::move(file), std::move(bytes)};
          }(),
          file_bytes) {}

StreamedText::StreamedText(const std::string& path, Start start, std::uint64_t file_bytes)
    : TextInput(path, to_string(compression_of_content(start.bytes)), file_bytes),
      file_(std::move(start.file)),
      start_(std::move(start.bytes)) {
  const Compression compression = compression_of_content(start_);
  if (compression == Compression::none) return;
  raw_.resize(kRawPiece);
  decompressor_ = std::make_unique<Decompressor>(
      compression, path, [this] { return std::string_view(raw_.data(), read_raw(raw_)); });
}

std::string_view StreamedText::take_lines(std::size_t bytes) {
  if (end_ > begin_) std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  for (std::size_t wanted = std::max<std::size_t>(bytes, 1);; wanted = end_ * 2) {
    if (end_ < wanted && !at_end_) {
      if (buffer_.size() < wanted) buffer_.resize(wanted);
      const std::size_t got = read(std::span(buffer_).subspan(end_, wanted - end_));
      at_end_ = got < wanted - end_;
      end_ += got;
    }
    const std::string_view text(buffer_.data(), end_);
    begin_ = at_end_ ? end_ : text.rfind('\n') + 1;  // 0 where there is none
    if (begin_ > 0 || at_end_) return text.substr(0, begin_);
    check_line_length(end_);
  }
}

std::size_t StreamedText::read(std::span<char> space) {
  if (decompressor_) return decompressor_->read(space);
  std::size_t filled = 0;
  while (filled < space.size()) {
    const std::size_t got = read_raw(space.subspan(filled));
    if (got == 0) break;
    filled += got;
  }
  return filled;
}

std::size_t StreamedText::read_raw(std::span<char> space) {
  std::size_t got = 0;
  if (!start_.empty()) {
    got = std::min(start_.size(), space.size());
    std::copy_n(start_.begin(), got, space.begin());
    start_.erase(0, got);
  } else {
    got = read_some(name(), file_.get(), space);
  }
  bytes_read_ += got;
  return got;
}

}  // namespace xalign
