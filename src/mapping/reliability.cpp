#include <xalign/error.h>
#include <xalign/reliability.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace xalign {

ReliabilityBin Reliability::above(std::size_t first) const {
  ReliabilityBin all;
  for (std::size_t i = first; i < bins.size(); ++i) {
    all.queries += bins[i].queries;
    all.promised += bins[i].queries * bins[i].promised;
    all.right += bins[i].queries * bins[i].right;
  }
  if (all.queries > 0) {
    all.promised /= all.queries;
    all.right /= all.queries;
  }
  return all;
}

double Reliability::error() const {
  double sum = 0;
  Index queries = 0;
  for (const ReliabilityBin& bin : bins) {
    sum += bin.queries * std::abs(bin.promised - bin.right);
    queries += bin.queries;
  }
  return queries == 0 ? 0 : sum / queries;
}

Reliability make_reliability(std::span<const double> promised,
                             std::span<const std::uint8_t> right) {
  if (promised.size() != right.size())
    throw Error(ErrorKind::config, "right", fmt::format("{} answers", right.size()),
                fmt::format("as many as probabilities, {}", promised.size()));
  Reliability reliability;
  for (std::size_t i = 0; i < promised.size(); ++i) {
    if (!(promised[i] >= 0 && promised[i] <= 1))
      throw Error(ErrorKind::config, "promised", fmt::format("{}", promised[i]), "0 to 1");
    ReliabilityBin& bin = reliability.bins[std::min(
        static_cast<std::size_t>(promised[i] * kReliabilityBins), kReliabilityBins - 1)];
    ++bin.queries;
    bin.promised += promised[i];
    bin.right += right[i] != 0 ? 1 : 0;
  }
  for (ReliabilityBin& bin : reliability.bins) {
    if (bin.queries == 0) continue;
    bin.promised /= bin.queries;
    bin.right /= bin.queries;
  }
  return reliability;
}

}  // namespace xalign
