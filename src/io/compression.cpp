#include "io/compression.h"

#include "io/gzip_reader.h"

#include <xalign/error.h>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

namespace xalign {
namespace {

using namespace std::string_view_literals;

struct Kind {
  Compression compression;
  std::string_view name;
  std::string_view suffix;
  std::string_view magic;
  int (*add_filter)(archive*);
  int (*support_filter)(archive*);  // null: not read by libarchive
};

constexpr std::array kKinds = {
    Kind{Compression::gzip, "gzip", ".gz", "\x1f\x8b"sv, archive_write_add_filter_gzip, nullptr},
    Kind{Compression::bzip2, "bzip2", ".bz2", "BZh"sv, archive_write_add_filter_bzip2,
         archive_read_support_filter_bzip2},
    Kind{Compression::xz, "xz", ".xz", "\xfd\x37zXZ\0"sv, archive_write_add_filter_xz,
         archive_read_support_filter_xz},
    Kind{Compression::zstd, "zstd", ".zst", "\x28\xb5\x2f\xfd"sv, archive_write_add_filter_zstd,
         archive_read_support_filter_zstd},
};

}  // namespace

std::string compression_library() {
  return archive_version_details();
}

std::string_view to_string(Compression compression) {
  for (const Kind& kind : kKinds)
    if (kind.compression == compression) return kind.name;
  return "";
}

Compression compression_of_name(std::string_view path) {
  for (const Kind& kind : kKinds)
    if (path.ends_with(kind.suffix)) return kind.compression;
  return Compression::none;
}

Compression compression_of_content(std::string_view start) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const Kind& kind) { return start.starts_with(kind.magic); });
  if (found == kKinds.end()) return Compression::none;
  // Words may begin with "BZh"; there, a level and the first byte of a block or of the end follow.
  if (found->compression == Compression::bzip2 &&
      (start.size() < 5 || start[3] < '1' || start[3] > '9' ||
       (start[4] != '\x31' && start[4] != '\x17')))
    return Compression::none;
  return found->compression;
}

std::string_view without_compression_suffix(std::string_view path) {
  for (const Kind& kind : kKinds)
    if (path.ends_with(kind.suffix)) return path.substr(0, path.size() - kind.suffix.size());
  return path;
}

Compressor::Compressor(Compression compression, std::string name, Sink sink)
    : name_(std::move(name)), sink_(std::move(sink)), archive_(archive_write_new()) {
  if (archive_ == nullptr) throw std::bad_alloc();
  try {
    for (const Kind& kind : kKinds)
      if (kind.compression == compression) check(kind.add_filter(archive_));
    if (compression == Compression::gzip)
      check(archive_write_set_filter_option(archive_, "gzip", "timestamp", nullptr));
    check(archive_write_set_format_raw(archive_));
    check(archive_write_set_bytes_in_last_block(archive_, 1));  // no padding
    const auto forward = [](archive*, void* self, const void* bytes,
                            std::size_t size) -> la_ssize_t {
      auto& compressor = *static_cast<Compressor*>(self);
      // An exception may not cross the C library: it is kept for the caller on this side.
      if (compressor.sink_error_) return -1;
      try {
        compressor.sink_({static_cast<const char*>(bytes), size});
        return static_cast<la_ssize_t>(size);
      } catch (...) {
        compressor.sink_error_ = std::current_exception();
        return -1;
      }
    };
    check(archive_write_open(archive_, this, nullptr, forward, nullptr));
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                         archive_entry_free);
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    check(archive_write_header(archive_, entry.get()));
  } catch (...) {
    archive_write_free(archive_);
    throw;
  }
}

Compressor::~Compressor() {
  // Freeing writes the end of the stream, and frees everything only if it may.
  sink_ = [](std::string_view) {};
  sink_error_ = nullptr;
  archive_write_free(archive_);
}

void Compressor::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const la_ssize_t written = archive_write_data(archive_, bytes.data(), bytes.size());
    check(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void Compressor::finish() {
  check(archive_write_close(archive_));
}

void Compressor::check(long long status) {
  if (status >= ARCHIVE_OK) return;
  if (sink_error_) std::rethrow_exception(sink_error_);
  const char* reason = archive_error_string(archive_);
  throw Error(ErrorKind::io, name_,
              std::string("cannot compress: ") + (reason != nullptr ? reason : "unknown reason"));
}

namespace {

/// Streams that libarchive reads.
class ArchiveReader final : public Decompressor {
 public:
  ArchiveReader(const Kind& kind, std::string name, Source source)
      : name_(std::move(name)),
        kind_(kind.name),
        source_(std::move(source)),
        archive_(archive_read_new(), archive_read_free) {
    if (archive_ == nullptr) throw std::bad_alloc();
    check(kind.support_filter(archive_.get()));
    check(archive_read_support_format_raw(archive_.get()));
    check(archive_read_support_format_empty(archive_.get()));
    const auto forward = [](archive*, void* self, const void** bytes) -> la_ssize_t {
      auto& reader = *static_cast<ArchiveReader*>(self);
      try {
        const std::string_view next = reader.source_();
        *bytes = next.data();
        reader.bytes_given_ += static_cast<std::int64_t>(next.size());
        return static_cast<la_ssize_t>(next.size());
      } catch (...) {
        reader.source_error_ = std::current_exception();
        return -1;
      }
    };
    check(archive_read_open(archive_.get(), this, nullptr, forward, nullptr));
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(archive_.get(), &entry);
    is_empty_ = status == ARCHIVE_EOF;
    check(status);
    // What is too short to be recognised would be passed through as it is.
    if (archive_filter_code(archive_.get(), 0) == ARCHIVE_FILTER_NONE)
      throw Error(ErrorKind::data, name_, fmt::format("damaged or cut short {} file", kind_),
                  fmt::format("a whole {} file", kind_), "get the file again");
  }

 private:
  std::size_t read_some(std::span<char> space) override {
    const la_ssize_t got =
        is_empty_ ? 0 : archive_read_data(archive_.get(), space.data(), space.size());
    if (got < 0) check(ARCHIVE_FATAL);
    if (got == 0) check_end();
    return static_cast<std::size_t>(got);
  }

  void check(long long status) {
    if (status >= ARCHIVE_OK || status == ARCHIVE_WARN) return;
    if (source_error_) std::rethrow_exception(source_error_);
    const char* reason = archive_error_string(archive_.get());
    throw_damaged(name_, kind_, reason != nullptr ? reason : "unknown reason");
  }

  void check_end() {
    // The library stops without a word where the next bytes do not go on with the stream.
    if (archive_filter_bytes(archive_.get(), -1) != bytes_given_ || !source_().empty())
      throw_other_bytes(name_, kind_);
  }

  std::string name_;
  std::string_view kind_;
  Source source_;
  std::exception_ptr source_error_;
  std::int64_t bytes_given_ = 0;
  bool is_empty_ = false;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
};

}  // namespace

void throw_damaged(const std::string& name, std::string_view kind, std::string_view reason) {
  throw Error(ErrorKind::data, name, fmt::format("damaged or cut short {} file: {}", kind, reason),
              fmt::format("a whole {} file", kind), "get the file again");
}

void throw_other_bytes(const std::string& name, std::string_view kind) {
  throw Error(ErrorKind::data, name,
              fmt::format("other bytes after the end of the {} stream", kind),
              "the end of the file", "get the file again, or cut it there");
}

std::unique_ptr<Decompressor> Decompressor::open(Compression compression, std::string name,
                                                 Source source) {
  // libarchive does not hold gzip streams against their checksums.
  if (compression == Compression::gzip)
    return std::make_unique<GzipReader>(std::move(name), std::move(source));
  const auto* kind = std::ranges::find(kKinds, compression, &Kind::compression);
  return std::make_unique<ArchiveReader>(*kind, std::move(name), std::move(source));
}

std::size_t Decompressor::read(std::span<char> space) {
  if (error_) std::rethrow_exception(error_);
  std::size_t filled = 0;
  try {
    while (filled < space.size() && !at_end_) {
      const std::size_t got = read_some(space.subspan(filled));
      filled += got;
      at_end_ = got == 0;
    }
  } catch (...) {
    // Who looks at a beginning may go on after an error, but not as if the stream had ended there.
    error_ = std::current_exception();
    throw;
  }
  return filled;
}

}  // namespace xalign
