#include "io/mapped_bytes.h"

#include <algorithm>
#include <sys/mman.h>

namespace xalign {

std::unique_ptr<MappedBytes> MappedBytes::map(const std::string& path, const FileDescriptor& file,
                                              std::uint64_t size, std::uint64_t begin) {
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (address == MAP_FAILED) return nullptr;
  ::madvise(address, size, MADV_SEQUENTIAL);
  return std::unique_ptr<MappedBytes>(
      new MappedBytes(path, {static_cast<const char*>(address), size}, begin));
}

MappedBytes::MappedBytes(const std::string& path, std::string_view bytes, std::uint64_t begin)
    : ByteInput(path, {}, bytes.size()), bytes_(bytes), position_(std::min(begin, bytes.size())) {}

MappedBytes::~MappedBytes() {
  ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

std::string_view MappedBytes::peek(std::size_t) {
  release_pages();
  return bytes_.substr(position_);
}

void MappedBytes::release_pages() {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t end = position_ / page * page;
  if (end <= released_) return;
  ::madvise(const_cast<char*>(bytes_.data()) + released_, end - released_, MADV_DONTNEED);
  released_ = end;
}

}  // namespace xalign
