#include "io/counted_output.h"

#include "io/file_descriptor.h"

#include <xalign/error.h>

#include <fmt/format.h>

#include <array>
#include <cerrno>

namespace xalign {
namespace {

constexpr std::size_t kCopyBlock = std::size_t{1} << 16;

[[noreturn]] void fail_to_spool() {
  throw Error(ErrorKind::io, "temporary file",
              fmt::format("cannot write: {}", system_message(errno)), "room for the vectors",
              "free some space, or name an output file instead of -");
}

}  // namespace

CountedOutput::CountedOutput(const std::string& path, Header header,
                             std::optional<std::uint64_t> expected, bool exact)
    : out_(path), header_(std::move(header)), spool_(nullptr, &std::fclose) {
  if (!exact && !out_.replaceable()) {
    spool_.reset(std::tmpfile());
    if (!spool_) fail_to_spool();
  } else {
    first_header_ = header_(expected.value_or(0));
    out_.write(first_header_);
  }
}

void CountedOutput::write(std::string_view bytes) {
  if (!spool_)
    out_.write(bytes);
  else if (std::fwrite(bytes.data(), 1, bytes.size(), spool_.get()) != bytes.size())
    fail_to_spool();
}

void CountedOutput::close(std::uint64_t rows) {
  finish(rows);
  commit();
}

void CountedOutput::finish(std::uint64_t rows) {
  const std::string right = header_(rows);
  if (spool_) {
    out_.write(right);
    copy_spool();
  } else if (right != first_header_) {
    out_.replace_beginning(first_header_.size(), right);
  }
  out_.finish();
}

void CountedOutput::copy_spool() {
  if (std::fflush(spool_.get()) != 0) fail_to_spool();
  std::rewind(spool_.get());
  std::array<char, kCopyBlock> buffer;
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), spool_.get()))
    out_.write({buffer.data(), got});
  if (std::ferror(spool_.get()) != 0) fail_to_spool();
}

}  // namespace xalign
