#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace xalign {

/// A whole file in memory, read only. Only what is touched is read from the disk.
class MappedFile {
 public:
  /// @throws Error(io) if the file cannot be opened, or is none that can be mapped
  explicit MappedFile(const std::string& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::string_view bytes() const { return bytes_; }
  /// Tells the system that these bytes will be needed at once.
  void will_need(std::string_view part) const;
  /// Gives memory back; what is touched again is read again.
  void release(std::string_view part) const;

 private:
  std::string_view bytes_;
};

}  // namespace xalign
