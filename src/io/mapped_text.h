#pragma once

#include "io/file_descriptor.h"
#include "io/text_input.h"

namespace xalign {

/// A plain file, mapped into memory. Pages that were handed out are given back to the system, so
/// that resident memory does not grow with the file.
class MappedText final : public TextInput {
 public:
  /// @param begin  position of the first byte to read
  /// @return nothing where the file cannot be mapped
  static std::unique_ptr<MappedText> map(const std::string& path, const FileDescriptor& file,
                                         std::uint64_t size, std::uint64_t begin);
  ~MappedText() override;

  std::uint64_t bytes_read() const override { return position_; }

 private:
  MappedText(const std::string& path, std::string_view text, std::uint64_t begin);
  std::string_view take_lines(std::size_t bytes) override;
  void release_pages();

  std::string_view text_;  // the whole file
  std::size_t position_;
  std::size_t released_ = 0;
};

}  // namespace xalign
