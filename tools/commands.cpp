#include "commands.h"

namespace xalign::cli {

void add_commands(Program& program) {
  add_map(program);
  add_eval(program);
  add_eval_similarity(program);
  add_eval_analogy(program);
  add_eval_retrieval(program);
  add_eval_clustering(program);
  add_report(program);
  add_apply(program);
  add_translate(program);
  add_neighbors(program);
  add_lexicon_induce(program);
  add_lexicon_split(program);
  add_convert(program);
  add_info(program);
  add_analyze(program);
  add_normalize(program);
}

}  // namespace xalign::cli
