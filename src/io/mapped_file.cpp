#include "io/mapped_file.h"

#include "io/file_descriptor.h"

#include <xalign/error.h>

#include <cerrno>
#include <cstdint>
#include <sys/mman.h>
#include <sys/stat.h>
#include <utility>

namespace xalign {

MappedFile::MappedFile(const std::string& path) {
  const FileDescriptor file = open_for_reading(path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0)
    throw Error(ErrorKind::io, input_name(path), "cannot be read: " + system_message(errno));
  if (!S_ISREG(status.st_mode))
    throw Error(ErrorKind::io, input_name(path), "a pipe or device", "a file that can be mapped",
                "write it to a file first");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return;
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
  if (address == MAP_FAILED)
    throw Error(ErrorKind::io, input_name(path), "cannot be mapped: " + system_message(errno));
  bytes_ = {static_cast<const char*>(address), size};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

void MappedFile::will_need(std::string_view part) const {
  if (part.empty()) return;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<std::uintptr_t>(part.data()) / page * page;
  const auto end = reinterpret_cast<std::uintptr_t>(part.data()) + part.size();
  void* address = reinterpret_cast<void*>(begin);  // NOLINT(performance-no-int-to-ptr)
#ifdef MADV_POPULATE_READ
  // Brings in all pages at once: a fault each would take longer than reading them.
  if (::madvise(address, end - begin, MADV_POPULATE_READ) == 0) return;
#endif
  ::madvise(address, end - begin, MADV_WILLNEED);
}

void MappedFile::release(std::string_view part) const {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const auto offset = static_cast<std::size_t>(part.data() - bytes_.data());
  const std::size_t begin = (offset + page - 1) / page * page;
  const std::size_t end = (offset + part.size()) / page * page;
  if (begin < end) ::madvise(const_cast<char*>(bytes_.data()) + begin, end - begin, MADV_DONTNEED);
}

}  // namespace xalign
