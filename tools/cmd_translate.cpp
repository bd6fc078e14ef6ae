#include "commands.h"
#include "cross_lookup.h"

namespace xalign::cli {
namespace {

int run(const CrossLookupOptions& options, Session& session) {
  return answer_across(options, "translate", "translations", session);
}

}  // namespace

void add_translate(Program& program) {
  program.add<CrossLookupOptions>("translate", add_cross_lookup_options, run);
}

}  // namespace xalign::cli
