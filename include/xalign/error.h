#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

namespace xalign {

/// What went wrong, in the terms a caller can act on.
enum class ErrorKind {
  config,   ///< an option or argument makes no sense
  data,     ///< the content of an input is not what it should be
  io,       ///< a file cannot be opened, read or written
  numeric,  ///< a computation failed on valid input
};

/// The one exception type of the library. `what()` is a single line:
/// `WHERE: WHAT WAS FOUND (expected WHAT); HOW TO GO ON`.
class Error : public std::runtime_error {
 public:
  /// @param where     `FILE:LINE` for content, `FILE` for files, the option's name for options
  /// @param found     what was found there
  /// @param expected  what should have been there; may be empty
  /// @param remedy    how to go on; may be empty
  Error(ErrorKind kind, std::string_view where, std::string_view found,
        std::string_view expected = {}, std::string_view remedy = {});

  ErrorKind kind() const noexcept { return kind_; }

 private:
  ErrorKind kind_;
};

/// The reader of an output pipe has gone away (`xalign ... | head`). Not an Error: a program ends
/// quietly with success. Seen only by programs that ignore SIGPIPE; others are ended by it.
class ClosedPipe : public std::exception {
 public:
  const char* what() const noexcept override { return "the reader of the output has gone away"; }
};

}  // namespace xalign
