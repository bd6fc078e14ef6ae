#include "commands.h"
#include "cross_lookup.h"

#include <xalign/mapping_io.h>
#include <xalign/normalize.h>
#include <xalign/topk.h>

#include <utility>

namespace xalign::cli {
namespace {

void define(CLI::App& app, CrossLookupOptions& options) {
  options.retrieval.retrieval = Retrieval::nn;
  options.k = 10;
  add_cross_lookup_options(app, options);
}

// VECTORS [WORD...]
int answer_within(const CrossLookupOptions& o, Session& session) {
  session.arguments.require({"VECTORS"}, true);
  std::vector<std::string> words = session.arguments.from(1);
  check_single_stdin({session.arguments[0], words.empty() ? "-" : ""});
  session.warn_without_effect(
      {"--retrieval", "--reverse", "--csls-k", "--csls-vocab", "--isf-beta"}, "without a mapping");
  session.warn_without_effect({"--seed"}, "here");
  VectorInput input(session.arguments[0], o.input, session);
  MemoryEstimate memory;
  memory.add(input);
  memory.check(session);
  Embeddings space = input.read();
  normalize_rows(space.vectors);
  const auto rank = [&](std::span<const Index> rows) {
    std::vector<std::pair<Index, Index>> themselves;
    for (std::size_t i = 0; i < rows.size(); ++i)
      themselves.emplace_back(static_cast<Index>(i), rows[i]);
    return find_topk(rows_of(space.vectors, rows), space.vectors,
                     {.row_k = o.k, .skip_pairs = themselves, .isa = session.isa})
        .rows;
  };
  return answer({"neighbors", "neighbors", "nn", input.path(), space.words, space.words, rank},
                WordSource(std::move(words)), o.style, session);
}

int run(const CrossLookupOptions& o, Session& session) {
  if (session.arguments.size() > 0 && is_mapping_file(session.arguments[0]))
    return answer_across(o, "neighbors", "neighbors", session);
  return answer_within(o, session);
}

}  // namespace

void add_neighbors(Program& program) {
  program.add<CrossLookupOptions>("neighbors", define, run);
}

}  // namespace xalign::cli
