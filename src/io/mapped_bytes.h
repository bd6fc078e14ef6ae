#pragma once

#include "io/byte_input.h"
#include "io/file_descriptor.h"

namespace xalign {

/// A plain file, mapped into memory: looking ahead shows all that is left. Pages that were taken
/// are given back to the system, so that resident memory does not grow with the file.
class MappedBytes final : public ByteInput {
 public:
  /// @param begin  position of the first byte to read
  /// @return nothing where the file cannot be mapped
  static std::unique_ptr<MappedBytes> map(const std::string& path, const FileDescriptor& file,
                                          std::uint64_t size, std::uint64_t begin);
  ~MappedBytes() override;

  std::string_view peek(std::size_t bytes) override;
  void take(std::size_t bytes) override { position_ += bytes; }
  std::uint64_t bytes_read() const override { return position_; }
  std::optional<std::uint64_t> bytes_left() const override { return bytes_.size() - position_; }

 private:
  MappedBytes(const std::string& path, std::string_view bytes, std::uint64_t begin);
  void release_pages();

  std::string_view bytes_;  // the whole file
  std::size_t position_;
  std::size_t released_ = 0;
};

}  // namespace xalign
