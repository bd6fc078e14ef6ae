#include "words.h"

#include "io/text_input.h"

#include <xalign/error.h>

#include <cerrno>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace xalign::cli {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 16;

}  // namespace

WordSource::WordSource(std::vector<std::string> words)
    : words_(std::move(words)), from_stdin_(words_.empty()) {}

bool WordSource::next(std::vector<std::string>& batch) {
  batch.clear();
  if (!from_stdin_) {
    batch = std::exchange(words_, {});
    return !batch.empty();
  }
  while (batch.empty() && read_lines(batch)) continue;
  return !batch.empty();
}

void WordSource::add_line(std::string line, std::vector<std::string>& batch) {
  if (std::exchange(at_beginning_, false) && line.starts_with(kByteOrderMark))
    line.erase(0, kByteOrderMark.size());
  if (line.ends_with('\r')) line.pop_back();
  if (!line.empty()) batch.push_back(std::move(line));
}

bool WordSource::read_lines(std::vector<std::string>& batch) {
  if (ended_) return false;
  std::string bytes(kBuffer, '\0');
  ssize_t count = 0;
  do count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  while (count < 0 && errno == EINTR);
  if (count < 0)
    throw Error(ErrorKind::io, "standard input", std::generic_category().message(errno), "words");
  if (count == 0) {
    ended_ = true;
    add_line(std::exchange(unfinished_, {}), batch);
    return true;
  }
  unfinished_.append(bytes, 0, static_cast<std::size_t>(count));
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = unfinished_.find('\n', begin)) != std::string::npos;
       begin = end + 1)
    add_line(unfinished_.substr(begin, end - begin), batch);
  unfinished_.erase(0, begin);
  return true;
}

}  // namespace xalign::cli
