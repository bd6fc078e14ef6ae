#pragma once

#include "lookup.h"
#include "oov.h"
#include "space_input.h"

namespace xalign::cli {

/// What `translate` and cross-language `neighbors` are given.
struct CrossLookupOptions {
  InputOptions input;
  RetrievalOptions retrieval;
  int k = 5;
  bool reverse = false;
  bool no_rerank = false;
  double min_probability = 0;
  Oov oov = Oov::none;
  OutputStyle style = OutputStyle::text;
};

void add_cross_lookup_options(CLI::App& app, CrossLookupOptions& options);

/// Options of answers that are reranked where the mapping has learned how.
void add_rerank_options(CLI::App& app, bool& no_rerank, double& min_probability);

/// @throws Error(config) if probabilities were asked for
void refuse_probability(double min_probability, const char* found);

/// MAP SOURCE TARGET [WORD...]: answers words of one language with words of the other.
/// @param reranks  where the mapping has learned how and the user has not chosen otherwise
int answer_across(const CrossLookupOptions& options, std::string kind, std::string answers,
                  bool reranks, Session& session);

}  // namespace xalign::cli
