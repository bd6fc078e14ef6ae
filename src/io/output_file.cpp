#include "io/output_file.h"

#include "io/compression.h"
#include "io/pending_file.h"

#include <xalign/error.h>

#include <algorithm>
#include <cerrno>

namespace xalign {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 16;
constexpr std::size_t kMoveBlock = std::size_t{1} << 20;

[[noreturn]] void fail_to_write(const std::string& path, int error) {
  if (error == EPIPE) throw ClosedPipe();
  if (error == EFBIG)
    throw Error(ErrorKind::io, path, "cannot write: " + system_message(error),
                "a file within the limit of the shell or the file system",
                "see ulimit -f, or write fewer words");
  const bool full = error == ENOSPC || error == EDQUOT;
  throw Error(ErrorKind::io, path, "cannot write: " + system_message(error),
              full ? "room for the file" : "a file that takes what is written",
              full ? "free some space or write to another disk" : "");
}

}  // namespace

struct OutputFile::Impl {
  explicit Impl(const std::string& name)
      : path(name == "-" ? "standard output" : name), file(name) {
    buffer.reserve(kBuffer);
    if (const Compression compression = compression_of_name(name); compression != Compression::none)
      compressor = std::make_unique<Compressor>(
          compression, name, [this](std::string_view bytes) { write_raw(bytes); });
  }

  void write_raw(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file.descriptor(), bytes.data(), bytes.size());
      if (written >= 0)
        bytes.remove_prefix(static_cast<std::size_t>(written));
      else if (errno != EINTR)
        fail_to_write(path, errno);
    }
  }

  void pass_on(std::string_view bytes) {
    if (compressor)
      compressor->write(bytes);
    else
      write_raw(bytes);
  }

  void flush() {
    pass_on(buffer);
    buffer.clear();
  }

  void write_at(std::size_t position, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written =
          ::pwrite(file.descriptor(), bytes.data(), bytes.size(), static_cast<off_t>(position));
      if (written < 0 && errno != EINTR) fail_to_write(path, errno);
      if (written < 0) continue;
      bytes.remove_prefix(static_cast<std::size_t>(written));
      position += static_cast<std::size_t>(written);
    }
  }

  std::string read_at(std::size_t position, std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size) {
      const ssize_t part = ::pread(file.descriptor(), bytes.data() + got, size - got,
                                   static_cast<off_t>(position + got));
      if (part <= 0 && !(part < 0 && errno == EINTR)) fail_to_write(path, part < 0 ? errno : EIO);
      if (part > 0) got += static_cast<std::size_t>(part);
    }
    return bytes;
  }

  /// Moves everything from position `from` on to position `to`; the file ends with it.
  void move_rest(std::size_t from, std::size_t to) {
    if (from == to) return;
    const off_t end = ::lseek(file.descriptor(), 0, SEEK_END);
    if (end < 0) fail_to_write(path, errno);
    const std::size_t rest = static_cast<std::size_t>(end) - from;
    // Against the direction of the move, so that nothing is overwritten before it was read.
    for (std::size_t done = 0; done < rest;) {
      const std::size_t length = std::min(kMoveBlock, rest - done);
      const std::size_t offset = from < to ? rest - done - length : done;
      write_at(to + offset, read_at(from + offset, length));
      done += length;
    }
    if (::ftruncate(file.descriptor(), static_cast<off_t>(to + rest)) != 0 ||
        ::lseek(file.descriptor(), 0, SEEK_END) < 0)
      fail_to_write(path, errno);
  }

  std::string path;
  PendingFile file;
  std::string buffer;
  std::unique_ptr<Compressor> compressor;
};

OutputFile::OutputFile(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
OutputFile::~OutputFile() = default;
OutputFile::OutputFile(OutputFile&&) noexcept = default;
OutputFile& OutputFile::operator=(OutputFile&&) noexcept = default;

void OutputFile::write(std::string_view bytes) {
  if (impl_->buffer.size() + bytes.size() > kBuffer) impl_->flush();
  if (bytes.size() > kBuffer)
    impl_->pass_on(bytes);
  else
    impl_->buffer += bytes;
}

void OutputFile::close() {
  finish();
  commit();
}

void OutputFile::finish() {
  impl_->flush();
  if (impl_->compressor) impl_->compressor->finish();
}

void OutputFile::commit() {
  impl_->file.commit();
}

bool OutputFile::replaceable() const {
  return impl_->file.replaceable() && !impl_->compressor;
}

void OutputFile::replace_beginning(std::size_t size, std::string_view bytes) {
  impl_->flush();
  impl_->move_rest(size, bytes.size());
  impl_->write_at(0, bytes);
}

}  // namespace xalign
