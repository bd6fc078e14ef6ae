#pragma once

#include "io/byte_input.h"
#include "io/byte_stream.h"

#include <memory>
#include <vector>

namespace xalign {

/// A stream of bytes, read piece by piece; memory grows with what is looked at.
class StreamedBytes final : public ByteInput {
 public:
  StreamedBytes(const std::string& name, std::unique_ptr<ByteStream> stream,
                std::uint64_t file_bytes);

  std::string_view peek(std::size_t bytes) override;
  void take(std::size_t bytes) override { begin_ += bytes; }
  std::uint64_t bytes_read() const override { return stream_->bytes_read(); }

 private:
  std::unique_ptr<ByteStream> stream_;
  std::vector<char> buffer_;  // [begin_, end_) was read and not taken
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;
};

}  // namespace xalign
