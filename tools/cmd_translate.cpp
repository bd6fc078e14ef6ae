#include "commands.h"
#include "cross_lookup.h"

namespace xalign::cli {
namespace {

void define(CLI::App& app, CrossLookupOptions& o) {
  add_cross_lookup_options(app, o);
  add_rerank_options(app, o.no_rerank, o.min_probability);
}

int run(const CrossLookupOptions& options, Session& session) {
  return answer_across(options, "translate", "translations", true, session);
}

}  // namespace

void add_translate(Program& program) {
  program.add<CrossLookupOptions>("translate", define, run);
}

}  // namespace xalign::cli
