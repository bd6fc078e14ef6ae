#include <xalign/script_neighbors.h>

#include <map>
#include <set>

namespace xalign {
namespace {

bool counts(std::string_view script) {
  return script != "Zyyy" && script != "Zzzz";
}

}  // namespace

ScriptNeighbors measure_script_neighbors(const TopkLists& lists,
                                         std::span<const std::string_view> scripts) {
  std::map<std::string_view, double> sizes;
  double all = 0;
  for (const std::string_view script : scripts)
    if (counts(script)) ++sizes[script], ++all;
  ScriptNeighbors result;
  double words = 0;
  for (Eigen::Index i = 0; i < lists.rows(); ++i) {
    const std::string_view own = scripts[static_cast<std::size_t>(i)];
    if (!counts(own)) continue;
    std::set<std::string_view> met;
    double other = 0, neighbors = 0;
    for (Eigen::Index j = 0; j < lists.k() && lists.index(i, j) >= 0; ++j) {
      const std::string_view script = scripts[static_cast<std::size_t>(lists.index(i, j))];
      if (!counts(script)) continue;
      met.insert(script);
      ++neighbors;
      if (script != own) ++other;
    }
    if (neighbors == 0) continue;
    ++words;
    result.scripts += static_cast<double>(met.size());
    result.other += other / neighbors;
    if (all > 1) result.expected += (all - sizes[own]) / (all - 1);
  }
  if (words == 0) return {};
  return {result.scripts / words, result.other / words, result.expected / words};
}

}  // namespace xalign
