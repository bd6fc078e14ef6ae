#include <xalign/error.h>
#include <xalign/subword.h>

#include <fmt/format.h>

namespace xalign {
namespace {

constexpr std::uint32_t kOffsetBasis = 2166136261U;
constexpr std::uint32_t kPrime = 16777619U;

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

/// Calls `use(ngram)` for each.
template <class Use>
void for_each_ngram(std::string_view word, const SubwordOptions& options, const Use& use) {
  if (options.max_length < 1) return;
  const std::string marked = options.begin_mark + std::string(word) + options.end_mark;
  const std::string_view text = marked;
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    if (continues_character(text[begin])) continue;
    std::size_t end = begin;
    for (int length = 1; length <= options.max_length && end < text.size(); ++length) {
      ++end;
      while (end < text.size() && continues_character(text[end])) ++end;
      const bool lone_mark = length == 1 && (begin == 0 || end == text.size());
      if (length >= options.min_length && !lone_mark) use(text.substr(begin, end - begin));
    }
  }
}

}  // namespace

void SubwordOptions::validate() const {
  if (max_length < 1) return;
  if (min_length < 1)
    throw Error(ErrorKind::config, "min_length", fmt::format("{}", min_length), "1 or more");
  if (buckets < 1) throw Error(ErrorKind::config, "buckets", "0", "1 or more");
}

std::vector<std::string> find_ngrams(std::string_view word, const SubwordOptions& options) {
  options.validate();
  std::vector<std::string> ngrams;
  for_each_ngram(word, options, [&](std::string_view ngram) { ngrams.emplace_back(ngram); });
  return ngrams;
}

std::uint32_t hash_ngram(std::string_view ngram) {
  std::uint32_t hash = kOffsetBasis;
  for (const char c : ngram)
    hash = (hash ^ static_cast<std::uint32_t>(static_cast<signed char>(c))) * kPrime;
  return hash;
}

std::vector<std::uint32_t> find_ngram_buckets(std::string_view word,
                                              const SubwordOptions& options) {
  options.validate();
  std::vector<std::uint32_t> buckets;
  for_each_ngram(word, options, [&](std::string_view ngram) {
    buckets.push_back(hash_ngram(ngram) % options.buckets);
  });
  return buckets;
}

RowVector SubwordModel::vector(std::string_view word) const {
  RowVector vector(dimension());
  find_vector(word, vector);
  return vector;
}

}  // namespace xalign
