#include "io/row_names.h"

#include "io/compression.h"
#include "io/file_descriptor.h"
#include "io/vector_formats.h"
#include "io/vector_lines.h"

#include <xalign/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>

namespace xalign {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kSuffixes = {".words.txt", ".words", ".vocab.txt",
                                                       ".vocab"};
constexpr std::size_t kBytes = std::size_t{1} << 16;

std::string stem_of(const std::string& path) {
  return fs::path(without_compression_suffix(path)).replace_extension().string();
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

std::optional<std::string> find_words_beside(const std::string& path) {
  if (inherited_descriptor(path, 0) >= 0) return std::nullopt;
  for (const std::string_view suffix : kSuffixes) {
    std::string name = stem_of(path).append(suffix);
    std::error_code ignored;
    if (fs::is_regular_file(name, ignored)) return name;
  }
  return std::nullopt;
}

std::string words_path_beside(const std::string& path) {
  return stem_of(path).append(kSuffixes.front());
}

bool is_without_words(const std::string& path) {
  try {
    const VectorFormat format = recognise_format(*ByteInput::open(path)).format;
    return format == VectorFormat::npy || format == VectorFormat::safetensors ||
           format == VectorFormat::floret;
  } catch (const Error&) {
    return false;
  }
}

std::optional<std::string> find_array_sharing_words(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  std::error_code ignored;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(folder.empty() ? fs::path(".") : folder, ignored)) {
    const std::string other = (folder / entry.path().filename()).string();
    if (stem_of(other) == stem_of(path) && entry.is_regular_file(ignored) &&
        !fs::equivalent(other, path, ignored) && is_without_words(other))
      return other;
  }
  return std::nullopt;
}

RowNames::RowNames(const std::string& file) : file_(file) {
  if (!file.empty()) text_ = TextInput::open(file);
}

std::span<const std::string_view> RowNames::next(std::size_t rows) {
  names_.clear();
  storage_.clear();
  if (text_)
    read_lines(rows);
  else
    number(rows);
  done_ += names_.size();
  return names_;
}

void RowNames::number(std::size_t rows) {
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < rows; ++i) {
    fmt::format_to(std::back_inserter(storage_), "{}", done_ + i);
    ends.push_back(storage_.size());
  }
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    names_.push_back(std::string_view(storage_).substr(begin, end - begin));
    begin = end;
  }
}

void RowNames::read_lines(std::size_t rows) {
  std::vector<std::size_t> lengths;
  while (lengths.size() < rows) {
    if (pending_.empty()) pending_ = text_->next_lines(kBytes);
    if (pending_.empty()) break;
    const std::string_view word = without_line_end(take_line(pending_));
    if (word.empty())
      throw Error(ErrorKind::data, fmt::format("{}:{}", file_, done_ + lengths.size() + 1),
                  "an empty line", "a word", "name the row, or remove it from both files");
    storage_ += word;
    lengths.push_back(word.size());
  }
  std::size_t begin = 0;
  for (const std::size_t length : lengths) {
    names_.push_back(std::string_view(storage_).substr(begin, length));
    begin += length;
  }
}

}  // namespace xalign
