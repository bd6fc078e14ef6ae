#pragma once

#include <xalign/spelling.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace xalign {

/// How beginnings and endings of words translate, counted in known pairs: words of one family share
/// their beginning, and so do their translations; endings tell the form of a word. Of a query's
/// affix a and a candidate's affix b, n characters of their spelling keys each,
///     log (count(a, b) + s p(b)) / ((count(a) + s) p(b)),  s = 5,
/// p(b) the share of b among known translations, smoothed by its share among all candidates.
class AffixTable {
 public:
  using KeyPair = std::pair<std::u32string_view, std::u32string_view>;  // query, candidate

  /// @param candidates  keys of the candidates, most frequent first
  AffixTable(const SpellingTable& candidates, const std::vector<KeyPair>& known);

  struct Match {
    float beginning = 0;  // sum over beginnings of 1 to 6 characters
    float ending = 0;     // sum over endings of 1 to 3
    // log p(b) over its share among all candidates, sums over 1 to 3 characters
    float usual_beginning = 0;
    float usual_ending = 0;
  };
  Match compare(std::u32string_view query, std::u32string_view candidate) const;

 private:
  using Counts = std::unordered_map<std::uint64_t, int>;

  double share(std::uint64_t affix) const;       // among known translations
  double base_share(std::uint64_t affix) const;  // among all candidates
  float association(std::uint64_t query, std::uint64_t candidate) const;

  Counts queries_, answers_, both_, candidates_;
  double known_ = 0, all_ = 0;
};

}  // namespace xalign
