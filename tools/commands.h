#pragma once

#include "program.h"

namespace xalign::cli {

// One per file cmd_NAME.cpp.
void add_map(Program& program);
void add_eval(Program& program);
void add_eval_analogy(Program& program);
void add_eval_clustering(Program& program);
void add_eval_retrieval(Program& program);
void add_eval_similarity(Program& program);
void add_report(Program& program);
void add_apply(Program& program);
void add_translate(Program& program);
void add_neighbors(Program& program);
void add_lexicon_induce(Program& program);
void add_lexicon_split(Program& program);
void add_convert(Program& program);
void add_info(Program& program);
void add_analyze(Program& program);
void add_normalize(Program& program);

}  // namespace xalign::cli
