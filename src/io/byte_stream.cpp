#include "io/byte_stream.h"

#include <xalign/error.h>

#include <algorithm>
#include <cerrno>

namespace xalign {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 18;
constexpr std::size_t kLongestMagic = 6;

}  // namespace

ByteStream::ByteStream(std::string name, FileDescriptor file)
    : name_(std::move(name)), file_(std::move(file)) {
  std::string start(kLongestMagic, '\0');
  std::size_t size = 0;
  while (size < start.size()) {
    const std::size_t got = read_file(std::span(start).subspan(size));
    if (got == 0) break;
    size += got;
  }
  start_ = start.substr(0, size);
  compression_ = compression_of_content(start_);
  if (compression_ == Compression::none) return;
  raw_.resize(kPiece);
  decompressor_ = Decompressor::open(
      compression_, name_, [this] { return std::string_view(raw_.data(), read_raw(raw_)); });
}

std::size_t ByteStream::read(std::span<char> space) {
  if (decompressor_) return decompressor_->read(space);
  std::size_t filled = 0;
  while (filled < space.size()) {
    const std::size_t got = read_raw(space.subspan(filled));
    if (got == 0) break;
    filled += got;
  }
  return filled;
}

std::size_t ByteStream::read_raw(std::span<char> space) {
  std::size_t got = 0;
  if (!start_.empty()) {
    got = std::min(start_.size(), space.size());
    std::copy_n(start_.begin(), got, space.begin());
    start_.erase(0, got);
  } else {
    got = read_file(space);
  }
  bytes_read_ += got;
  return got;
}

std::size_t ByteStream::read_file(std::span<char> space) {
  for (;;) {
    const ssize_t got = ::read(file_.get(), space.data(), space.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR)
      throw Error(ErrorKind::io, name_, "cannot be read: " + system_message(errno));
  }
}

std::string read_bytes(ByteStream& stream, std::size_t bytes) {
  std::string content;
  while (content.size() < bytes) {
    const std::size_t before = content.size(), wanted = std::min(bytes - before, kPiece);
    content.resize(before + wanted);
    const std::size_t got = stream.read(std::span(content).subspan(before));
    content.resize(before + got);
    if (got < wanted) break;
  }
  return content;
}

}  // namespace xalign
