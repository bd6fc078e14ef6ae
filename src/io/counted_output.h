#pragma once

#include "io/output_file.h"

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace xalign {

/// A file whose header tells the number of rows, which may be known at the end only. The header is
/// replaced then; where that cannot be done (pipes, compressed files), the rows wait in a nameless
/// temporary file.
class CountedOutput {
 public:
  using Header = std::function<std::string(std::uint64_t rows)>;

  /// @param expected  number of rows; nothing has to be moved when it is right
  /// @param exact     it is certain
  CountedOutput(const std::string& path, Header header, std::optional<std::uint64_t> expected,
                bool exact);

  void write(std::string_view bytes);
  /// Gives the file the header for that many rows and puts it in place.
  void close(std::uint64_t rows);
  /// The two halves of it, for files that appear together or not at all.
  void finish(std::uint64_t rows);
  void commit() { out_.commit(); }

 private:
  void copy_spool();

  OutputFile out_;
  Header header_;
  std::string first_header_;  // what was written, if anything was
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> spool_;
};

}  // namespace xalign
