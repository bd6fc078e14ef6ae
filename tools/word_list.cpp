#include "word_list.h"

#include "io/text_input.h"

#include <xalign/error.h>

#include <string_view>

namespace xalign::cli {

Vocabulary read_word_list(const std::string& path) {
  Vocabulary words;
  const std::string text = TextInput::open(path)->rest();
  std::string_view left = text;
  while (!left.empty()) {
    const std::size_t end = left.find('\n');
    std::string_view line = left.substr(0, end);
    left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) words.insert(line);
  }
  if (words.size() == 0) throw Error(ErrorKind::data, path, "no words", "one word a line");
  return words;
}

}  // namespace xalign::cli
