#include "word_groups.h"

#include "io/text_input.h"
#include "output.h"

#include <xalign/error.h>
#include <xalign/script.h>
#include <xalign/text.h>

#include <fmt/format.h>

namespace xalign::cli {
namespace {

std::string_view prefix_of(std::string_view word) {
  if (word.starts_with("/c/")) {
    word.remove_prefix(3);
    const std::size_t slash = word.find('/');
    return slash == std::string_view::npos ? std::string_view() : word.substr(0, slash);
  }
  const std::size_t colon = word.find(':');
  return colon == std::string_view::npos ? std::string_view() : word.substr(0, colon);
}

}  // namespace

WordGroups::WordGroups(const std::string& by)
    : by_(by == "prefix"   ? By::prefix
          : by == "script" ? By::script
                           : By::file) {
  if (by_ != By::file) return;
  const std::string text = TextInput::open(by)->rest();
  std::string_view left = text;
  for (std::uint64_t number = 1; !left.empty(); ++number) {
    const std::size_t end = left.find('\n');
    std::string_view line = left.substr(0, end);
    left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const std::size_t tab = line.find('\t');
    if (tab == 0 || tab == std::string_view::npos || tab + 1 == line.size() ||
        line.find('\t', tab + 1) != std::string_view::npos)
      throw Error(ErrorKind::data, fmt::format("{}:{}", by, number),
                  fmt::format("'{}'", printable(line)), "a word, a tab and its language",
                  "mend or remove the line");
    if (listed_.insert(line.substr(0, tab)).second) group_.emplace_back(line.substr(tab + 1));
  }
  if (group_.empty())
    throw Error(ErrorKind::data, by, "no words", "word, tab, language a line",
                "is this the right file?");
}

std::string WordGroups::name_of(std::string_view word) const {
  switch (by_) {
    case By::prefix:
      return std::string(prefix_of(word));
    case By::script: {
      const std::string_view script = script_of(word);
      return script == "Zyyy" || script == "Zzzz" ? std::string() : std::string(script);
    }
    case By::file:
      if (const auto found = listed_.find(word)) return group_[static_cast<std::size_t>(*found)];
  }
  return {};
}

void WordGroups::fit(const Vocabulary& words) {
  std::map<std::string, Index> sizes;
  for (Index i = 0; i < words.size(); ++i) ++sizes[name_of(words[i])];
  names_ = {"other"};
  numbers_.clear();
  for (const auto& [name, size] : sizes) {
    if (name.empty() || size < kFewest) continue;
    numbers_[name] = static_cast<Index>(names_.size());
    names_.push_back(name);
  }
}

std::vector<Index> WordGroups::of(const Vocabulary& words) const {
  std::vector<Index> groups;
  for (Index i = 0; i < words.size(); ++i) {
    const auto found = numbers_.find(name_of(words[i]));
    groups.push_back(found == numbers_.end() ? 0 : found->second);
  }
  return groups;
}

std::string group_sizes(const WordGroups& groups, const std::vector<Index>& of_word) {
  std::vector<std::uint64_t> sizes(groups.names().size(), 0);
  for (const Index group : of_word) ++sizes[static_cast<std::size_t>(group)];
  std::string text;
  for (std::size_t i = 1; i <= sizes.size(); ++i) {
    const std::size_t group = i % sizes.size();  // "other" last
    if (sizes[group] == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", printable(groups.names()[group]),
                        grouped(sizes[group]));
  }
  return text;
}

}  // namespace xalign::cli
