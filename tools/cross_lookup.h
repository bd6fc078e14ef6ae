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
  Oov oov = Oov::none;
  OutputStyle style = OutputStyle::text;
};

void add_cross_lookup_options(CLI::App& app, CrossLookupOptions& options);

/// MAP SOURCE TARGET [WORD...]: answers words of one language with words of the other.
int answer_across(const CrossLookupOptions& options, std::string kind, std::string answers,
                  Session& session);

}  // namespace xalign::cli
