#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct archive;  // of libarchive

namespace xalign {

enum class Compression { none, gzip, bzip2, xz, zstd };

/// "gzip", "bzip2", "xz", "zstd", or empty.
std::string_view to_string(Compression compression);

/// By the extension of a file to be written: .gz, .bz2, .xz, .zst.
Compression compression_of_name(std::string_view path);
/// By the first bytes of a file to be read (6 suffice).
Compression compression_of_content(std::string_view start);
/// `path` without the extension of a compressed file.
std::string_view without_compression_suffix(std::string_view path);

/// Of libarchive and what it uses, "libarchive 3.6.2 zlib/1.2.13 ...".
std::string compression_library();

/// Compresses a stream of bytes and hands the result to `sink`. What `sink` throws is thrown by the
/// call that led to it. The same bytes give the same result: no time stamps.
class Compressor {
 public:
  using Sink = std::function<void(std::string_view)>;

  /// @param name  the file's, for errors
  Compressor(Compression compression, std::string name, Sink sink);
  ~Compressor();
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  void write(std::string_view bytes);
  /// Writes what is left and ends the stream.
  void finish();

 private:
  void check(long long status);

  std::string name_;
  Sink sink_;
  std::exception_ptr sink_error_;
  archive* archive_;
};

/// Gives back what a Compressor was given.
class Decompressor {
 public:
  /// Gives the next compressed bytes, which stay valid until the next call; nothing at the end.
  using Source = std::function<std::string_view()>;

  /// @param name  the file's, for errors
  static std::unique_ptr<Decompressor> open(Compression compression, std::string name,
                                            Source source);
  Decompressor() = default;
  virtual ~Decompressor() = default;
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  /// Fills the beginning of `space`; less than all of it only at the end of the stream.
  /// @throws Error(data) if the stream is cut short, damaged or followed by something else, and the
  ///         same again whenever it is asked after that
  std::size_t read(std::span<char> space);

 private:
  /// Some bytes; 0 at the end only.
  virtual std::size_t read_some(std::span<char> space) = 0;

  bool at_end_ = false;
  std::exception_ptr error_;
};

/// The errors of all kinds of streams. @throws Error(data)
[[noreturn]] void throw_damaged(const std::string& name, std::string_view kind,
                                std::string_view reason);
[[noreturn]] void throw_other_bytes(const std::string& name, std::string_view kind);

}  // namespace xalign
