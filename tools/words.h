#pragma once

#include <string>
#include <vector>

namespace xalign::cli {

/// The words a command is asked about: those of the command line or, if there are none, the lines
/// of standard input. Lines are handed on as they arrive, so that another program can ask and wait
/// for the answer.
class WordSource {
 public:
  explicit WordSource(std::vector<std::string> words);

  /// The next words, at least one. False when there are no more.
  bool next(std::vector<std::string>& batch);

 private:
  bool read_lines(std::vector<std::string>& batch);
  void add_line(std::string line, std::vector<std::string>& batch);

  std::vector<std::string> words_;
  bool from_stdin_;
  bool at_beginning_ = true;
  bool ended_ = false;
  std::string unfinished_;  // the beginning of a line whose end has not come yet
};

}  // namespace xalign::cli
