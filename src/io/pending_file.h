#pragma once

#include "io/file_descriptor.h"

#include <filesystem>
#include <string>

namespace xalign {

/// Where bytes for a name go until they are complete. Regular files are written without a name (or
/// under a hidden one, where the file system knows no nameless files) in the folder of their
/// target, and `commit` puts them in place at once. Devices and pipes are written directly.
class PendingFile {
 public:
  /// @throws Error(io) if nothing can be written there
  explicit PendingFile(const std::string& path);
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  /// Open for writing, and for reading too if `replaceable`.
  int descriptor() const { return file_.get(); }
  /// Whether nothing that was written can have been seen yet.
  bool replaceable() const { return !direct_; }
  /// @throws Error(io)
  void commit();

 private:
  void open_directly(int descriptor);
  void open_beside();
  bool open_nameless();
  void open_hidden();
  std::filesystem::path next_hidden_name() const;
  [[noreturn]] void fail_to_open(int error) const;

  std::string path_;              // as the user wrote it
  std::filesystem::path target_;  // behind symbolic links
  std::filesystem::path folder_;
  std::filesystem::path hidden_;  // empty while nameless
  FileDescriptor file_;
  bool direct_ = false;
};

/// Where links at the end of a path lead, even if nothing is there.
std::filesystem::path follow_links(std::filesystem::path path);

}  // namespace xalign
