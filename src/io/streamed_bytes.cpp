#include "io/streamed_bytes.h"

#include <algorithm>
#include <cstring>

namespace xalign {
namespace {

// Memory is taken as bytes come, not as they are asked for.
constexpr std::size_t kPiece = std::size_t{1} << 24;

}  // namespace

StreamedBytes::StreamedBytes(const std::string& name, std::unique_ptr<ByteStream> stream,
                             std::uint64_t file_bytes)
    : ByteInput(name, to_string(stream->compression()), file_bytes), stream_(std::move(stream)) {}

std::string_view StreamedBytes::peek(std::size_t bytes) {
  if (end_ - begin_ < bytes && !at_end_ && begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  while (end_ - begin_ < bytes && !at_end_) {
    const std::size_t wanted = std::min(bytes, end_ - begin_ + kPiece);
    if (buffer_.size() < begin_ + wanted) buffer_.resize(begin_ + wanted);
    const std::size_t missing = begin_ + wanted - end_;
    const std::size_t got = stream_->read(std::span(buffer_).subspan(end_, missing));
    at_end_ = got < missing;
    end_ += got;
  }
  return {buffer_.data() + begin_, end_ - begin_};
}

}  // namespace xalign
