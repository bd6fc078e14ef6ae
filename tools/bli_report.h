#pragma once

#include "bli_details.h"
#include "output.h"
#include "session.h"

#include <xalign/bli.h>
#include <xalign/translation.h>

#include <string>

namespace xalign::cli {

/// All that the reports of bilingual lexicon induction show.
struct BliReport {
  const Space& space;  ///< its source side holds the queries
  const BliQueries& queries;
  const BliOptions& options;
  const BliResult& result;
  bool reverse = false;  ///< the sides were exchanged
  BliDetails details = {};
};

/// How many covered queries the mapping was not trained on.
std::size_t count_unseen(const BliQueries& queries);
/// Warns if test pairs were trained on.
void warn_of_leak(const BliQueries& queries, Session& session);
/// Warns if few queries are covered.
void warn_of_few(const std::string& dictionary, const BliQueries& queries, Session& session);

std::string bli_text(const BliReport& report);
std::string bli_tsv(const BliReport& report);
Json bli_json(const BliReport& report);
/// One line per query, way of retrieval and candidate.
std::string bli_per_word(const BliReport& report);

}  // namespace xalign::cli
