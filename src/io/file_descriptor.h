#pragma once

#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace xalign {

/// Owns an open file of the operating system.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  ~FileDescriptor() {
    if (number_ >= 0) ::close(number_);
  }
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

/// The number behind "-", /dev/stdin, /dev/stdout, /dev/stderr and /dev/fd/N; -1 for other names.
/// Opening such a name again would start a redirected file anew instead of going on with it.
int inherited_descriptor(std::string_view path, int number_of_dash);

/// Opens a file to read it; "-" and the like are duplicates of what is open already.
/// @throws Error(io) if that cannot be done, or for a directory
FileDescriptor open_for_reading(const std::string& path);

/// The name of an input as it stands in messages.
std::string input_name(const std::string& path);

/// The message of an `errno` value.
std::string system_message(int error);

}  // namespace xalign
