#include "requirement.h"

#include "options.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace xalign::cli {
namespace {

constexpr const char* kOption = "--require";

/// In the order of Retrieval.
std::vector<std::string> result_names() {
  std::vector<std::string> names = retrieval_names();
  names.emplace_back("rerank");
  return names;
}

Requirement parse_requirement(const std::string& text) {
  Requirement requirement;
  requirement.text = text;
  const std::size_t equals = text.find('=');
  const std::size_t colon = text.find(':');
  const bool prefixed = colon < equals;
  const std::size_t begin = prefixed ? colon + 1 : 0;
  const std::string metric =
      equals == std::string::npos ? std::string() : text.substr(begin, equals - begin);
  if (metric != "mrr" && !metric.starts_with("p@"))
    throw Error(ErrorKind::config, kOption, fmt::format("'{}'", printable(text)),
                "p@K=RATE or mrr=RATE, such as p@1=0.35 or csls:p@5=0.6");
  if (prefixed)
    requirement.retrieval =
        static_cast<Retrieval>(parse_choice(kOption, text.substr(0, colon), result_names()));
  if (metric != "mrr")
    requirement.k = static_cast<int>(parse_integer(kOption, metric.substr(2), 1, kMaxTopk));
  requirement.rate = parse_real(kOption, text.substr(equals + 1), 0, 1);
  return requirement;
}

Retrieval retrieval_of(const Requirement& requirement, const BliOptions& options) {
  if (requirement.retrieval) return *requirement.retrieval;
  const auto& computed = options.retrievals;
  return std::ranges::find(computed, Retrieval::csls) != computed.end() ? Retrieval::csls
                                                                        : computed.front();
}

}  // namespace

std::vector<Requirement> parse_requirements(const std::string& text) {
  std::vector<Requirement> requirements;
  for (const std::string& item : split_list(text)) requirements.push_back(parse_requirement(item));
  return requirements;
}

void check_computable(std::span<const Requirement> requirements, const BliOptions& options) {
  for (const Requirement& requirement : requirements) {
    if (requirement.k > 0 && std::ranges::find(options.ks, requirement.k) == options.ks.end())
      throw Error(ErrorKind::config, kOption, fmt::format("p@{} is not computed", requirement.k),
                  fmt::format("one of p@{}", fmt::join(options.ks, ", p@")),
                  fmt::format("add {} to -k", requirement.k));
    const Retrieval retrieval = retrieval_of(requirement, options);
    if (std::ranges::find(options.retrievals, retrieval) == options.retrievals.end())
      throw Error(ErrorKind::config, kOption,
                  fmt::format("{} is not computed", to_string(retrieval)),
                  "a way of retrieval that is computed",
                  retrieval == Retrieval::rerank ? "add --rerank" : "add it to --retrieval");
  }
}

std::string failure(const Requirement& requirement, const BliOptions& options,
                    const BliResult& result) {
  const Retrieval retrieval = retrieval_of(requirement, options);
  const auto& scored =
      *std::ranges::find(result.retrievals, retrieval, &BliRetrievalResult::retrieval);
  const auto k = std::ranges::find(options.ks, requirement.k);
  const BliScore& score = requirement.k == 0
                              ? scored.mrr
                              : scored.precision[static_cast<std::size_t>(k - options.ks.begin())];
  if (score.covered >= requirement.rate) return {};
  const std::string metric =
      requirement.k == 0 ? std::string("mrr") : fmt::format("p@{}", requirement.k);
  return Error(ErrorKind::data, kOption,
               fmt::format("{} {} is {:.4f}", to_string(retrieval), metric, score.covered),
               fmt::format("at least {}", requirement.rate))
      .what();
}

}  // namespace xalign::cli
