#include "commands.h"
#include "cross_lookup.h"
#include "store_input.h"

#include <xalign/error.h>
#include <xalign/mapping_io.h>
#include <xalign/normalize.h>
#include <xalign/topk.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace xalign::cli {
namespace {

void define(CLI::App& app, CrossLookupOptions& options) {
  options.retrieval.retrieval = Retrieval::nn;
  options.k = 10;
  add_cross_lookup_options(app, options);
}

/// Each query that is a row, as a pair to leave out.
std::vector<std::pair<Index, Index>> themselves(std::span<const Index> rows) {
  std::vector<std::pair<Index, Index>> pairs;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i] >= 0) pairs.emplace_back(static_cast<Index>(i), rows[i]);
  return pairs;
}

Lookup lookup_in(const std::string& path, const WordTable& words) {
  return {"neighbors", "neighbors", "nn", path, words, words, {}, {}, {}};
}

// STORE [WORD...]: nothing is read but what is searched.
int answer_in_store(const CrossLookupOptions& o, const std::vector<std::string>& words,
                    Session& session) {
  const std::string& path = session.arguments[0];
  const Store store(path);
  check_oov(o.oov, path, VectorFormat::xvec, store.ngram_table().has_value());
  session.warn_without_effect({"--format", "--words-file", "--tensor", "--strict"}, "on a store");
  session.terminal.info(describe(path, store));
  Lookup lookup = lookup_in(path, table_of(store));
  lookup.vectors = [&](std::span<const Index> rows) {
    Matrix vectors = store.gather(rows);
    normalize_rows(vectors);
    return vectors;
  };
  lookup.rank = [&](ConstRows queries, std::span<const Index> rows) {
    const auto skipped = themselves(rows);
    return store.neighbors(queries, {.row_k = o.k, .skip_pairs = skipped, .isa = session.isa});
  };
  const auto form = [&] { return learn_form(store, normalize_rows, session); };
  lookup.make_up = make_up_with(guesser(o.oov, path, form), normalize_rows);
  return answer(lookup, WordSource(words), o.style, session);
}

/// Whether an argument is a file of vectors rather than a word.
bool is_vector_file(const std::string& argument) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(argument, ignored)) return false;
  try {
    return VectorReader(argument).info().dimension > 0;
  } catch (const Error&) {
    return false;
  }
}

// VECTORS [WORD...]
int answer_within(const CrossLookupOptions& o, Session& session) {
  session.arguments.require({"VECTORS"}, true);
  if (session.arguments.size() > 1 && is_vector_file(session.arguments[1]))
    throw Error(ErrorKind::config, "MAP", "not given", "MAP SOURCE TARGET, or VECTORS and words",
                "neighbours in another language need a mapping");
  std::vector<std::string> words = session.arguments.from(1);
  check_single_stdin({session.arguments[0], words.empty() ? "-" : ""}, session);
  session.warn_without_effect(
      {"--retrieval", "--reverse", "--csls-k", "--csls-vocab", "--isf-beta"}, "without a mapping");
  session.warn_without_effect({"--seed"}, "here");
  if (reads_in_place(session.arguments[0], session)) return answer_in_store(o, words, session);
  VectorInput input(session.arguments[0], o.input, session);
  check_oov(o.oov, session.arguments[0], input.info().format, input.info().has_ngrams);
  MemoryEstimate memory;
  memory.add(input);
  memory.add(form_memory(o.oov, input.expected_words(), input.info().dimension));
  memory.check(session);
  Embeddings space = input.read();
  normalize_rows(space.vectors);
  Lookup lookup = lookup_in(input.path(), table_of(space.words));
  lookup.vectors = [&](std::span<const Index> rows) { return rows_of(space.vectors, rows); };
  lookup.rank = [&](ConstRows queries, std::span<const Index> rows) {
    const auto skipped = themselves(rows);
    return find_topk(queries, space.vectors,
                     {.row_k = o.k, .skip_pairs = skipped, .isa = session.isa})
        .rows;
  };
  const auto form = [&] { return learn_form(space.words, space.vectors, session); };
  lookup.make_up = make_up_with(guesser(o.oov, session.arguments[0], form), normalize_rows);
  return answer(lookup, WordSource(std::move(words)), o.style, session);
}

int run(const CrossLookupOptions& o, Session& session) {
  if (session.arguments.size() > 0 && is_mapping_file(session.arguments[0]))
    return answer_across(o, "neighbors", "neighbors", false, session);
  return answer_within(o, session);
}

}  // namespace

void add_neighbors(Program& program) {
  program.add<CrossLookupOptions>("neighbors", define, run);
}

}  // namespace xalign::cli
