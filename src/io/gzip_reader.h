#pragma once

#include "io/compression.h"

#include <memory>

struct z_stream_s;  // of zlib

namespace xalign {

/// A gzip file of one or more members (RFC 1952), each held against its length and checksum.
class GzipReader final : public Decompressor {
 public:
  GzipReader(std::string name, Source source);

 private:
  std::size_t read_some(std::span<char> space) override;
  /// Makes sure that there are bytes ahead; false at the end of the input.
  bool refill();
  /// Zero bytes after a member, as tapes and block devices leave them.
  void skip_padding();

  std::string name_;
  Source source_;
  std::string_view ahead_;
  bool between_members_ = false;
  std::unique_ptr<z_stream_s, void (*)(z_stream_s*)> stream_;
};

}  // namespace xalign
