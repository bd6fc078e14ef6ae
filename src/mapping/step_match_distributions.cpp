#include "mapping/steps.h"

#include <xalign/error.h>

#include <fmt/format.h>

namespace xalign {

void MatchDistributions::validate() const {
  if (starts.empty()) throw Error(ErrorKind::config, "starts", "none", "at least one");
  for (const DistributionStart& start : starts) start.validate();
  if (!(seed_weight >= 0 && seed_weight <= 1e6))
    throw Error(ErrorKind::config, "seed_weight", fmt::format("{}", seed_weight), "0 to 1e6");
}

void run(const MatchDistributions& step, LearnState& state) {
  DistributionOutcome outcome = find_distribution_pairs(state.source, state.target, step.starts,
                                                        4000, state.monitor.progress());
  for (std::size_t i = 0; i < step.starts.size(); ++i)
    state.monitor.record({.step = to_string(step.starts[i]),
                          .pairs = static_cast<Index>(outcome.pairs.size()),
                          .consistency = outcome.consistency[i]});
  state.pairs = with_seeds(std::move(outcome.pairs), state, step.seed_weight);
  if (state.pairs.empty())
    throw Error(ErrorKind::data, "init", "no words that match by their distribution",
                "vocabularies of a thousand words or more",
                "give a dictionary, or choose another start");
}

}  // namespace xalign
