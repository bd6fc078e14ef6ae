#include "io/mapped_text.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>

namespace xalign {

std::unique_ptr<MappedText> MappedText::map(const std::string& path, const FileDescriptor& file,
                                            std::uint64_t size, std::uint64_t begin) {
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (address == MAP_FAILED) return nullptr;
  ::madvise(address, size, MADV_SEQUENTIAL);
  return std::unique_ptr<MappedText>(
      new MappedText(path, {static_cast<const char*>(address), size}, begin));
}

MappedText::MappedText(const std::string& path, std::string_view text, std::uint64_t begin)
    : TextInput(path, {}, text.size()), text_(text), position_(std::min(begin, text.size())) {}

MappedText::~MappedText() {
  ::munmap(const_cast<char*>(text_.data()), text_.size());
}

std::string_view MappedText::take_lines(std::size_t bytes) {
  release_pages();
  const std::string_view rest = text_.substr(position_);
  std::size_t length = std::min(std::max<std::size_t>(bytes, 1), rest.size());
  if (length < rest.size()) {
    const void* newline = std::memchr(rest.data() + length - 1, '\n', rest.size() - length + 1);
    length = newline == nullptr
                 ? rest.size()
                 : static_cast<std::size_t>(static_cast<const char*>(newline) - rest.data()) + 1;
    check_line_length(length - std::min(length, bytes));
  }
  position_ += length;
  return rest.substr(0, length);
}

void MappedText::release_pages() {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t end = position_ / page * page;
  if (end <= released_) return;
  ::madvise(const_cast<char*>(text_.data()) + released_, end - released_, MADV_DONTNEED);
  released_ = end;
}

}  // namespace xalign
