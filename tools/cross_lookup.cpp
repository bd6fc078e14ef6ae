#include "cross_lookup.h"

#include "store_input.h"
#include "store_pair.h"

#include <xalign/block_ranker.h>
#include <xalign/error.h>
#include <xalign/mapping_io.h>
#include <xalign/normalize.h>
#include <xalign/reranker.h>
#include <xalign/retrieval.h>
#include <xalign/store.h>

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace xalign::cli {

void add_cross_lookup_options(CLI::App& app, CrossLookupOptions& o) {
  add_integer(app, "-k", o.k, 1,
              fmt::format("Answers for each word, at most {} (default {})", kMaxTopk, o.k),
              kMaxTopk);
  add_retrieval_option(app, o.retrieval);
  add_scoring_options(app, o.retrieval);
  add_flag(app, "--reverse", o.reverse, "Words are of the target language, answers of the source");
  add_oov_option(app, o.oov);
  add_input_options(app, o.input);
  add_style_options(app, o.style);
}

namespace {

// [MAP] SOURCE TARGET [WORD...] of stores: rows are read when they are searched.
int answer_in_stores(const CrossLookupOptions& o, std::string kind, std::string answers,
                     bool with_map, Session& session) {
  const std::size_t first = with_map ? 1 : 0;
  const std::string source = session.arguments[first], target = session.arguments[first + 1];
  const std::vector<std::string> words = session.arguments.from(first + 2);
  session.warn_without_effect({"--seed"}, "here");
  session.warn_without_effect({"--format", "--words-file", "--tensor", "--strict"}, "on stores");
  session.warn_of_scoring_without_effect({&o.retrieval.retrieval, 1});
  const StorePair stores(with_map ? session.arguments[0] : "", source, target, session);
  const Side from = o.reverse ? Side::target : Side::source;
  const Side to = o.reverse ? Side::source : Side::target;
  const std::string& asked = o.reverse ? target : source;
  check_oov(o.oov, asked, VectorFormat::xvec, stores.store(from).ngram_table().has_value());
  RetrievalOptions options = o.retrieval;
  options.isa = session.isa;
  options.progress = session.terminal.progress();
  BlockRanker ranker(stores.rows(from), stores.rows(to), options);
  // Known means spare the pass over all rows that are asked from.
  if (const auto known = stores.known_means(to, options);
      !known.empty() && options.retrieval == Retrieval::csls)
    ranker.use_target_means(known);
  // Words of the command line are all there is; from standard input there may come any number.
  if (words.empty()) ranker.expect_many();
  const auto vectors = [&](std::span<const Index> rows) {
    return stores.place(stores.store(from).gather(rows), from);
  };
  const auto rank = [&](ConstRows queries, std::span<const Index>) {
    return ranker.rank(queries, o.k);
  };
  const auto form = [&] {
    const auto place = [&](Matrix& rows) { rows = stores.place(std::move(rows), from); };
    return learn_form(stores.store(from), place, session);
  };
  // What is learned here is in the shared space already; the n-grams are not.
  const auto place = [&](Matrix& rows) {
    if (o.oov == Oov::subword) rows = stores.place(std::move(rows), from);
    normalize_rows(rows);
  };
  return answer({std::move(kind), std::move(answers), std::string(to_string(options.retrieval)),
                 asked, table_of(stores.store(from)), table_of(stores.store(to)), vectors, rank,
                 make_up_with(guesser(o.oov, asked, form), place)},
                WordSource(words), o.style, session);
}

/// Without the scores below a limit.
TopkLists at_least(TopkLists lists, double limit) {
  for (Eigen::Index i = 0; i < lists.score.size(); ++i)
    if (lists.score.data()[i] < static_cast<float>(limit)) lists.index.data()[i] = -1;
  return lists;
}

/// What the mapping has learned to rerank with, unless the user has chosen a way of retrieval.
const RerankerModel* chosen_model(const CrossLookupOptions& o, const SpaceInput& input,
                                  const Session& session) {
  const auto& model = input.mapping()->side(o.reverse ? Side::target : Side::source).reranker;
  const bool by_choice = o.no_rerank || session.given("--retrieval");
  if (model && !by_choice) return &*model;
  refuse_probability(o.min_probability, by_choice
                                            ? "given with --no-rerank or --retrieval"
                                            : "given for a mapping that has not learned to rerank");
  return nullptr;
}

}  // namespace

void add_rerank_options(CLI::App& app, bool& no_rerank, double& min_probability) {
  add_flag(app, "--no-rerank", no_rerank,
           "Rank by --retrieval alone, also where the mapping has learned to rerank by spelling "
           "and neighbourhood");
  add_real(
      app, "--min-probability", 0, 1, [&min_probability](double x) { min_probability = x; },
      "Leave out answers less likely to be right, e.g. 0.8; needs a mapping that reranks");
}

void refuse_probability(double min_probability, const char* found) {
  if (min_probability > 0)
    throw Error(ErrorKind::config, "--min-probability", found, "answers with probabilities",
                "leave it out, or learn the mapping with map --rerank");
}

int answer_across(const CrossLookupOptions& o, std::string kind, std::string answers, bool reranks,
                  Session& session) {
  const std::size_t given = session.arguments.size();
  if (given > 0 && reads_in_place(session.arguments[0], session)) {
    session.arguments.require({"SOURCE", "TARGET"}, true);
    if (!reads_in_place(session.arguments[1], session))
      throw Error(ErrorKind::data, session.arguments[1], "not a store",
                  "two stores that share a space, or MAP SOURCE TARGET");
    refuse_probability(o.min_probability, "given for vectors without a mapping");
    return answer_in_stores(o, std::move(kind), std::move(answers), false, session);
  }
  session.arguments.require({"MAP", "SOURCE", "TARGET"}, true);
  if (o.retrieval.retrieval != Retrieval::isf && reads_in_place(session.arguments[1], session) &&
      reads_in_place(session.arguments[2], session)) {
    refuse_probability(o.min_probability, "given for stores, which are not reranked");
    return answer_in_stores(o, std::move(kind), std::move(answers), true, session);
  }
  std::vector<std::string> words = session.arguments.from(3);
  std::vector<std::string> inputs(session.arguments.values.begin(),
                                  session.arguments.values.begin() + 3);
  if (words.empty()) inputs.emplace_back("-");
  check_single_stdin(inputs, session);
  session.warn_without_effect({"--seed"}, "here");
  session.warn_of_scoring_without_effect({&o.retrieval.retrieval, 1});
  SpaceInput input(session.arguments[0], session.arguments[1], session.arguments[2], o.input,
                   session);
  const Side from = o.reverse ? Side::target : Side::source;
  const std::string& asked = session.arguments[o.reverse ? 2 : 1];
  const VectorInput& side = o.reverse ? input.target_input() : input.source_input();
  check_oov(o.oov, asked, side.info().format, side.info().has_ngrams);
  if (o.oov != Oov::none)
    refuse_probability(o.min_probability, "given with --oov, whose words are not reranked");
  reranks = reranks && o.oov == Oov::none;
  const RerankerModel* model = reranks ? chosen_model(o, input, session) : nullptr;
  input.estimate_memory(1, form_memory(o.oov, side.expected_words(), side.info().dimension));
  input.read();
  Space space = input.make_space();
  if (o.reverse) std::swap(space.source, space.target);
  const RetrievalOptions options = input.retrieval_options(o.retrieval);
  // Words of the command line are all there is; from standard input there may come any number.
  const bool all_known = !words.empty();
  std::optional<Ranker> ranker;
  std::optional<Reranker> reranker;
  if (model != nullptr) reranker.emplace(*model, space.source, space.target);
  const auto vectors = [&](std::span<const Index> rows) {
    return rows_of(space.source.vectors, rows);
  };
  const auto rank = [&](ConstRows queries, std::span<const Index> rows) {
    if (reranker) return at_least(reranker->rank(rows, o.k), o.min_probability);
    if (all_known)
      return rank_queries(queries, space.source.vectors, space.target.vectors, o.k, options);
    if (!ranker) ranker.emplace(space.source.vectors, space.target.vectors, options);
    return ranker->rank(queries, o.k);
  };
  const auto form = [&] { return learn_form(space.source.words, space.source.vectors, session); };
  // What is learned here is in the shared space already; the rows of a subword model are not.
  const auto place = [&](Matrix& rows) {
    if (o.oov == Oov::subword && input.mapping()) input.mapping()->side(from).apply_in_place(rows);
    normalize_rows(rows);
  };
  return answer({std::move(kind), std::move(answers),
                 reranker ? "probability" : std::string(to_string(options.retrieval)),
                 o.reverse ? input.target_path() : input.source_path(),
                 table_of(space.source.words), table_of(space.target.words), vectors, rank,
                 make_up_with(guesser(o.oov, asked, form), place)},
                WordSource(std::move(words)), o.style, session);
}

}  // namespace xalign::cli
