#include "io/binary_input.h"

#include <xalign/error.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>

namespace xalign {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 18;

}  // namespace

BinaryInput::BinaryInput(const std::string& path)
    : path_(path), number_(inherited_descriptor(path, STDIN_FILENO)) {
  if (number_ >= 0) return;
  owned_ = FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!owned_) throw Error(ErrorKind::io, path, "cannot be opened: " + system_message(errno));
  number_ = owned_.get();
}

std::string BinaryInput::read(std::size_t bytes) {
  std::string content;
  while (content.size() < bytes) {
    const std::size_t before = content.size(), wanted = std::min(bytes - before, kPiece);
    content.resize(before + wanted);
    const ssize_t got = ::read(number_, content.data() + before, wanted);
    content.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) break;
    if (got < 0 && errno != EINTR)
      throw Error(ErrorKind::io, path_, "cannot be read: " + system_message(errno));
  }
  return content;
}

}  // namespace xalign
