#pragma once

#include <xalign/error.h>

#include <cstdio>
#include <memory>
#include <string>

namespace xalign::cli {

/// What comes through a pipe, in a file without a name: to see what it is, it has to be looked at
/// more than once. Regular files stay where they are.
class Spool {
 public:
  /// @param path  "-" is standard input
  /// @throws Error(io)
  explicit Spool(const std::string& path);

  const std::string& path() const { return path_.empty() ? shown_ : path_; }
  const std::string& shown() const { return shown_; }

  /// Does something with the file; what goes wrong is told of the pipe.
  template <class Action>
  auto read(const Action& action) const {
    try {
      return action();
    } catch (const Error& error) {
      throw rename(error);
    }
  }

 private:
  Error rename(const Error& error) const;
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string shown_, path_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace xalign::cli
