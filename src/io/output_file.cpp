#include "io/output_file.h"

#include "io/compression.h"
#include "io/pending_file.h"

#include <xalign/error.h>

#include <cerrno>

namespace xalign {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 16;

[[noreturn]] void fail_to_write(const std::string& path, int error) {
  if (error == EPIPE) throw ClosedPipe();
  const bool full = error == ENOSPC || error == EDQUOT;
  throw Error(ErrorKind::io, path, "cannot write: " + system_message(error), {},
              full ? "free some space or write to another disk" : "");
}

}  // namespace

struct OutputFile::Impl {
  explicit Impl(const std::string& name) : path(name), file(name) {
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
  impl_->flush();
  if (impl_->compressor) impl_->compressor->finish();
  impl_->file.commit();
}

}  // namespace xalign
