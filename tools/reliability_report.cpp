#include "reliability_report.h"

#include <fmt/format.h>

namespace xalign::cli {
namespace {

constexpr std::size_t kTrusted = 8;  // bins from 0.8 on

double lower_end(std::size_t bin) {
  return static_cast<double>(bin) / kReliabilityBins;
}

std::string rate(double share) {
  return fmt::format("{:.1f}", 100 * share);
}

}  // namespace

std::string reliability_text(const Reliability& reliability) {
  Table table({"<probability", "queries", "promised", "right"});
  for (std::size_t i = 0; i < kReliabilityBins; ++i) {
    const ReliabilityBin& bin = reliability.bins[i];
    if (bin.queries > 0)
      table.add({fmt::format("{:.1f} to {:.1f}", lower_end(i), lower_end(i + 1)),
                 grouped(static_cast<std::uint64_t>(bin.queries)), rate(bin.promised),
                 rate(bin.right)});
  }
  const ReliabilityBin trusted = reliability.above(kTrusted);
  std::string out = table.text();
  if (trusted.queries > 0)
    out += fmt::format("from {:.1f} on: {} queries, {} % promised, {} % right; ",
                       lower_end(kTrusted), grouped(static_cast<std::uint64_t>(trusted.queries)),
                       rate(trusted.promised), rate(trusted.right));
  return out + fmt::format("expected calibration error {:.3f}\n", reliability.error());
}

Json reliability_json(const Reliability& reliability) {
  Json json = {{"bins", Json::array()}};
  for (std::size_t i = 0; i < kReliabilityBins; ++i) {
    const ReliabilityBin& bin = reliability.bins[i];
    json["bins"].push_back({{"from", rounded(lower_end(i))},
                            {"queries", bin.queries},
                            {"promised", rounded(bin.promised)},
                            {"right", rounded(bin.right)}});
  }
  json["error"] = rounded(reliability.error());
  const ReliabilityBin trusted = reliability.above(kTrusted);
  json["above_0.8"] = {{"queries", trusted.queries},
                       {"promised", rounded(trusted.promised)},
                       {"right", rounded(trusted.right)}};
  return json;
}

}  // namespace xalign::cli
