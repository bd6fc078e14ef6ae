// The only file that knows zlib.
#include "io/gzip_reader.h"

#include <algorithm>
#include <limits>
#include <new>
#include <zlib.h>

namespace xalign {
namespace {

constexpr int kGzipOnly = MAX_WBITS + 16;
constexpr char kFirstByte = '\x1f';

uInt bounded(std::size_t bytes) {
  return static_cast<uInt>(std::min<std::size_t>(bytes, std::numeric_limits<uInt>::max()));
}

void end_stream(z_stream_s* stream) {
  inflateEnd(stream);
  delete stream;
}

}  // namespace

GzipReader::GzipReader(std::string name, Source source)
    : name_(std::move(name)), source_(std::move(source)), stream_(new z_stream(), end_stream) {
  if (inflateInit2(stream_.get(), kGzipOnly) != Z_OK) throw std::bad_alloc();
}

bool GzipReader::refill() {
  if (ahead_.empty()) ahead_ = source_();
  return !ahead_.empty();
}

void GzipReader::skip_padding() {
  while (refill() && ahead_.front() == '\0')
    ahead_.remove_prefix(std::min(ahead_.find_first_not_of('\0'), ahead_.size()));
}

std::size_t GzipReader::read_some(std::span<char> space) {
  for (;;) {
    if (between_members_) skip_padding();
    if (!refill()) {
      if (between_members_) return 0;
      throw_damaged(name_, "gzip", "it ends within the stream");
    }
    if (between_members_ && ahead_.front() != kFirstByte) throw_other_bytes(name_, "gzip");
    between_members_ = false;
    stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(ahead_.data()));
    stream_->avail_in = bounded(ahead_.size());
    stream_->next_out = reinterpret_cast<Bytef*>(space.data());
    stream_->avail_out = bounded(space.size());
    const int status = inflate(stream_.get(), Z_NO_FLUSH);
    ahead_.remove_prefix(
        static_cast<std::size_t>(reinterpret_cast<const char*>(stream_->next_in) - ahead_.data()));
    if (status == Z_STREAM_END) {
      inflateReset(stream_.get());
      between_members_ = true;
    } else if (status == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      throw_damaged(name_, "gzip", stream_->msg != nullptr ? stream_->msg : "unknown reason");
    }
    const auto got =
        static_cast<std::size_t>(reinterpret_cast<char*>(stream_->next_out) - space.data());
    if (got > 0) return got;
  }
}

}  // namespace xalign
