#include "topk_bench.h"

#include "peak_memory.h"
#include "references.h"
#include "timing.h"

#include <xalign/csls.h>
#include <xalign/parallel.h>
#include <xalign/topk.h>

#include <cmath>
#include <limits>

namespace xalign::bench {
namespace {

constexpr Eigen::Index kCheckedRows = 200;
// References are timed on as many rows as give about this many pairs.
constexpr Eigen::Index kReferencePairs = 400'000'000;
constexpr Eigen::Index kOtherPairs = 40'000'000;

/// Neighbours of a sample of rows that brute force finds and `lists` do not have.
long count_missed(const Matrix& rows, const Matrix& partners, const TopkLists& lists) {
  long missed = 0;
  const Eigen::Index step = std::max<Eigen::Index>(1, rows.rows() / kCheckedRows);
  std::vector<std::pair<double, Index>> all(static_cast<std::size_t>(partners.rows()));
  for (Eigen::Index i = 0; i < rows.rows(); i += step) {
    for (Eigen::Index j = 0; j < partners.rows(); ++j)
      all[static_cast<std::size_t>(j)] = {
          -rows.row(i).cast<double>().dot(partners.row(j).cast<double>()), static_cast<Index>(j)};
    const auto k = std::min<Eigen::Index>(lists.k(), partners.rows());
    std::partial_sort(all.begin(), all.begin() + k, all.end());
    for (Eigen::Index rank = 0; rank < k; ++rank)
      if (lists.index(i, rank) != all[static_cast<std::size_t>(rank)].second) {
        // Another order of summation may exchange neighbours that differ by a rounding in double.
        const double listed =
            rows.row(i).cast<double>().dot(partners.row(lists.index(i, rank)).cast<double>());
        missed += std::abs(listed + all[static_cast<std::size_t>(rank)].first) > 1e-12;
      }
  }
  return missed;
}

/// The source rows as a small step of learning moves them.
Matrix moved(const Matrix& rows) {
  Matrix result = rows + 0.05f * random_rows(rows.rows(), rows.cols(), 77);
  result.rowwise().normalize();
  return result;
}

struct Mode {
  TopkBenchMode result;
  TopkOptions options;
  int threads = 1;
  bool csls = false;
};

std::vector<Mode> make_modes(const TopkBenchOptions& options) {
  std::vector<std::string> isas = options.isas;
  if (isas.empty()) {
    for (const std::string& isa : topk_isas())
      if (isas.empty() || isa.find("vnni") != std::string::npos) isas.push_back(isa);
  }
  std::vector<Mode> modes;
  const auto add = [&](const std::string& name, const std::string& isa, TopkMode mode) -> Mode& {
    return modes.emplace_back(
        Mode{{.name = name, .isa = isa},
             {.row_k = options.k, .column_k = options.k, .mode = mode, .isa = isa}});
  };
  add("float32", isas.front(), TopkMode::float32);
  if (options.brief) isas.resize(1);
  for (const std::string& isa : isas) add("int8", isa, TopkMode::int8);
  add("int8 two threads", isas.front(), TopkMode::int8).threads = 2;
  add("int8 warm start", isas.front(), TopkMode::int8);
  if (options.csls && !options.brief) add("csls", isas.front(), TopkMode::automatic).csls = true;
  return modes;
}

}  // namespace

TopkBenchResult run_topk_bench(const Case& rows, const TopkBenchOptions& options) {
  const Matrix &source = rows.source, &target = rows.target;
  TopkBenchResult result;
  result.name = rows.name;
  result.n = source.rows();
  result.m = target.rows();
  result.d = source.cols();
  result.k = options.k;

  std::vector<Mode> modes = make_modes(options);
  TopkResult before;
  {
    const ThreadLimit limit(1);
    before = find_topk(moved(source), target, {.row_k = options.k, .column_k = options.k});
  }
  for (Mode& mode : modes)
    if (mode.result.name == "int8 warm start") mode.options.warm_start = &before;

  std::vector<Reference> references = make_references(source, target, options.k);
  if (!options.others)
    std::erase_if(references, [](const Reference& reference) { return !reference.product; });
  std::vector<std::vector<double>> reference_times(references.size());
  std::vector<std::vector<double>> cpu(modes.size()), wall(modes.size());
  const double memory_before = resident_mb();
  for (int round = 0; round < options.repeat; ++round) {
    for (std::size_t r = 0; r < references.size(); ++r) {
      if (!references[r].product && round > 0) continue;
      const ThreadLimit limit(1);
      const Eigen::Index pairs = references[r].product ? kReferencePairs : kOtherPairs;
      const Eigen::Index timed = std::clamp<Eigen::Index>(pairs / target.rows(), 1, source.rows());
      reference_times[r].push_back(references[r].run(timed) * static_cast<double>(source.rows()) /
                                   static_cast<double>(timed));
    }
    for (std::size_t i = 0; i < modes.size(); ++i) {
      Mode& mode = modes[i];
      const ThreadLimit limit(mode.threads);
      reset_peak();
      const double cpu_before = cpu_seconds(), wall_before = wall_seconds();
      TopkResult found;
      if (mode.csls) {
        find_csls(source, target, {.neighbors = options.k, .isa = mode.options.isa});
      } else {
        found = find_topk(source, target, mode.options);
      }
      cpu[i].push_back(cpu_seconds() - cpu_before);
      wall[i].push_back(wall_seconds() - wall_before);
      if (mode.csls) continue;
      const double results =
          static_cast<double>(8 * options.k * (source.rows() + target.rows())) / 1048576;
      result.extra_mb = std::max(result.extra_mb, peak_mb() - memory_before - results);
      if (round == 0)
        mode.result.missed =
            count_missed(source, target, found.rows) + count_missed(target, source, found.columns);
    }
  }

  result.reference.cpu_s = std::numeric_limits<double>::infinity();
  for (std::size_t r = 0; r < references.size(); ++r) {
    const TopkBenchReference timed{references[r].name, references[r].product,
                                   median(reference_times[r])};
    if (timed.cpu_s < 0) continue;
    result.others.push_back(timed);
    if (timed.product && timed.cpu_s < result.reference.cpu_s) result.reference = timed;
  }
  for (std::size_t i = 0; i < modes.size(); ++i) {
    modes[i].result.cpu_s = median(cpu[i]);
    modes[i].result.wall_s = median(wall[i]);
    modes[i].result.ratio = modes[i].result.cpu_s / result.reference.cpu_s;
    result.modes.push_back(modes[i].result);
  }
  return result;
}

}  // namespace xalign::bench
