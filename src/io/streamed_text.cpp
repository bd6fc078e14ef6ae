#include "io/streamed_text.h"

#include <algorithm>
#include <cstring>

namespace xalign {

StreamedText::StreamedText(const std::string& name, std::unique_ptr<ByteStream> stream,
                           std::uint64_t file_bytes)
    : TextInput(name, to_string(stream->compression()), file_bytes), stream_(std::move(stream)) {}

std::string_view StreamedText::take_lines(std::size_t bytes) {
  if (end_ > begin_) std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  for (std::size_t wanted = std::max<std::size_t>(bytes, 1);; wanted = end_ * 2) {
    if (end_ < wanted && !at_end_) {
      if (buffer_.size() < wanted) buffer_.resize(wanted);
      const std::size_t got = stream_->read(std::span(buffer_).subspan(end_, wanted - end_));
      at_end_ = got < wanted - end_;
      end_ += got;
    }
    const std::string_view text(buffer_.data(), end_);
    begin_ = at_end_ ? end_ : text.rfind('\n') + 1;  // 0 where there is none
    if (begin_ > 0 || at_end_) return text.substr(0, begin_);
    check_line_length(end_);
  }
}

}  // namespace xalign
