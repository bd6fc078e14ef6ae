#include "io/byte_input.h"

#include "io/mapped_bytes.h"
#include "io/streamed_bytes.h"

#include <algorithm>
#include <sys/stat.h>

namespace xalign {
namespace {

constexpr std::size_t kSkip = std::size_t{1} << 20;

}  // namespace

std::unique_ptr<ByteInput> ByteInput::open(const std::string& path) {
  const std::string name = input_name(path);
  FileDescriptor file = open_for_reading(path);
  struct stat status = {};
  const off_t position = ::lseek(file.get(), 0, SEEK_CUR);
  std::uint64_t size = 0;
  // The files of /proc call themselves regular and empty, but can be read.
  if (::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) && position >= 0)
    size = static_cast<std::uint64_t>(status.st_size);
  if (size > 0) {
    char start[8] = {};
    const ssize_t got = ::pread(file.get(), start, sizeof start, position);
    const std::string_view magic(start, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (compression_of_content(magic) == Compression::none)
      if (auto mapped = MappedBytes::map(name, file, size, static_cast<std::uint64_t>(position)))
        return mapped;
  }
  auto stream = std::make_unique<ByteStream>(name, std::move(file));
  return std::make_unique<StreamedBytes>(name, std::move(stream), size);
}

bool ByteInput::skip(std::uint64_t bytes) {
  while (bytes > 0) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kSkip));
    const std::size_t got = std::min(peek(wanted).size(), wanted);
    take(got);
    if (got < wanted) return false;
    bytes -= got;
  }
  return true;
}

}  // namespace xalign
