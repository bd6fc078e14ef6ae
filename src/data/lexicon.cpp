#include <xalign/error.h>
#include <xalign/lexicon.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace xalign {
namespace {

constexpr std::size_t kExamples = 5;

/// Collects the different unknown words of one side.
class UnknownWords {
 public:
  void add(const std::string& word, std::vector<std::string>& examples) {
    if (words_.insert(word).second && examples.size() < kExamples) examples.push_back(word);
  }
  Index count() const { return static_cast<Index>(words_.size()); }

 private:
  std::set<std::string> words_;
};

using PairSet = std::set<std::pair<Index, Index>>;

/// Different pairs that the policy covers.
Index count_covered(const Lexicon& lexicon, const Vocabulary& source, const Vocabulary& target,
                    CasePolicy policy) {
  PairSet pairs;
  for (const auto& entry : lexicon) {
    const auto s = find_word(source, entry.source, policy);
    const auto t = find_word(target, entry.target, policy);
    if (s && t) pairs.emplace(*s, *t);
  }
  return static_cast<Index>(pairs.size());
}

}  // namespace

std::optional<Index> find_word(const Vocabulary& vocabulary, std::string_view word,
                               CasePolicy policy) {
  return find_word([&](std::string_view text) { return vocabulary.find(text); }, word, policy);
}

std::optional<Index> find_word(const std::function<std::optional<Index>(std::string_view)>& find,
                               std::string_view word, CasePolicy policy) {
  if (policy == CasePolicy::lower) return find_word(find, to_lower(word), CasePolicy::exact);
  const auto found = find(word);
  if (found || word.find(' ') == std::string_view::npos) return found;
  std::string joined{word};
  std::replace(joined.begin(), joined.end(), ' ', '_');
  return find(joined);
}

IndexedLexicon index_lexicon(const Lexicon& lexicon, const Vocabulary& source,
                             const Vocabulary& target, CasePolicy policy) {
  IndexedLexicon indexed;
  Coverage& coverage = indexed.coverage;
  coverage.entries = static_cast<Index>(lexicon.size());
  PairSet pairs;
  std::set<std::pair<std::string_view, std::string_view>> seen;
  UnknownWords unknown_source, unknown_target;
  for (const auto& entry : lexicon) {
    const auto s = find_word(source, entry.source, policy);
    const auto t = find_word(target, entry.target, policy);
    if (!s) unknown_source.add(entry.source, coverage.oov_source_examples);
    if (!t) unknown_target.add(entry.target, coverage.oov_target_examples);
    const bool is_new =
        s && t ? pairs.emplace(*s, *t).second : seen.emplace(entry.source, entry.target).second;
    if (!is_new)
      ++coverage.repeated;
    else if (s && t)
      indexed.pairs.push_back({*s, *t, entry.weight});
  }
  coverage.covered = static_cast<Index>(indexed.pairs.size());
  coverage.oov_source = unknown_source.count();
  coverage.oov_target = unknown_target.count();
  if (policy == CasePolicy::exact && (coverage.oov_source > 0 || coverage.oov_target > 0)) {
    const Index lower = count_covered(lexicon, source, target, CasePolicy::lower);
    coverage.lower_gain = std::max(0, lower - coverage.covered);
  }
  return indexed;
}

Lexicon reversed(const Lexicon& lexicon) {
  Lexicon swapped = lexicon;
  for (auto& entry : swapped) std::swap(entry.source, entry.target);
  return swapped;
}

void require_covered(const IndexedLexicon& indexed, const std::string& where) {
  const Coverage& coverage = indexed.coverage;
  if (coverage.covered > 0) return;
  const auto first = [](const std::vector<std::string>& words) {
    return words.empty() ? std::string{} : fmt::format(", e.g. '{}'", printable(words.front()));
  };
  throw Error(
      ErrorKind::data, where,
      fmt::format("none of {} pairs has both words in the vectors ({} source words unknown{}; "
                  "{} target words unknown{})",
                  coverage.entries, coverage.oov_source, first(coverage.oov_source_examples),
                  coverage.oov_target, first(coverage.oov_target_examples)),
      "at least one covered pair",
      coverage.lower_gain > 0
          ? fmt::format("--case lower would cover {} pairs", coverage.lower_gain)
          : "check the languages, their order and the spelling of the dictionary");
}

}  // namespace xalign
