#pragma once

#include "io/byte_stream.h"
#include "io/text_input.h"

#include <memory>
#include <vector>

namespace xalign {

/// The lines of a stream of bytes, read piece by piece.
class StreamedText final : public TextInput {
 public:
  StreamedText(const std::string& name, std::unique_ptr<ByteStream> stream,
               std::uint64_t file_bytes);

  std::uint64_t bytes_read() const override { return stream_->bytes_read(); }

 private:
  std::string_view take_lines(std::size_t bytes) override;

  std::unique_ptr<ByteStream> stream_;
  std::vector<char> buffer_;  // [begin_, end_) is text that was not handed out
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;
};

}  // namespace xalign
