#pragma once

#include "io/file_descriptor.h"

#include <string>

namespace xalign {

/// The bytes of a file, or of standard input for "-".
class BinaryInput {
 public:
  /// @throws Error(io) if it cannot be opened or is a folder
  explicit BinaryInput(const std::string& path);

  /// The next bytes; fewer than asked for only at the end. Memory grows with what is there.
  std::string read(std::size_t bytes);
  std::string rest() { return read(std::string::npos); }

 private:
  std::string path_;
  FileDescriptor owned_;
  int number_;
};

}  // namespace xalign
