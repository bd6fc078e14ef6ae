#include "core/hash.h"
#include "mapping/isf_beta.h"
#include "mapping/recipe.h"
#include "mapping/training_rows.h"

#include <xalign/error.h>
#include <xalign/learn.h>
#include <xalign/version.h>

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace xalign {
namespace {

/// What the steps share.
struct State {
  Embeddings& source;
  Embeddings& target;
  std::span<const WordPair> pairs;
  Index different_pairs;
  Normalizer source_normalizer;
  Normalizer target_normalizer;
  MapPair maps;  // of the normalised rows; a later step replaces it
};

/// Whether a step can run, seen before any work is done.
void check(const NormalizeVectors& step, const State&) {
  for (const NormalizeStep& part : step.recipe) validate(part);
}
void check(const MapProcrustes&, const State& state) {
  require_equal_dimensions(state.source.dimension(), state.target.dimension());
}
void check(const MapMultistep& step, const State&) {
  step.options.validate();
}
void check(const MapRidge& step, const State&) {
  validate_ridge("lambda", step.lambda);
}
void check(const MapAuto& step, const State&) {
  MultistepOptions{.dimensions = step.dimensions}.validate();
}

void normalize_more(const NormalizeRecipe& recipe, Matrix& rows, Normalizer& normalizer) {
  const Normalizer fitted = Normalizer::fit(recipe, rows);
  NormalizeRecipe all_steps = normalizer.recipe();
  all_steps.insert(all_steps.end(), fitted.recipe().begin(), fitted.recipe().end());
  std::vector<Normalizer::Operation> operations = normalizer.operations();
  operations.insert(operations.end(), fitted.operations().begin(), fitted.operations().end());
  normalizer = Normalizer(std::move(all_steps), std::move(operations));
}

void run(const NormalizeVectors& step, State& state) {
  normalize_more(step.recipe, state.source.vectors, state.source_normalizer);
  normalize_more(step.recipe, state.target.vectors, state.target_normalizer);
}
void run(const MapProcrustes&, State& state) {
  state.maps = solve_procrustes(state.source.vectors, state.target.vectors, state.pairs);
}
void run(const MapMultistep& step, State& state) {
  state.maps =
      solve_multistep(state.source.vectors, state.target.vectors, state.pairs, step.options);
}
void run(const MapRidge& step, State& state) {
  state.maps = solve_ridge(state.source.vectors, state.target.vectors, state.pairs, step.lambda);
}
void run(const MapAuto& step, State& state) {
  std::visit([&](const auto& concrete) { run(concrete, state); },
             resolve(step, state.different_pairs));
}

template <typename T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

TrainingRecord make_record(const Vocabulary& source, const Vocabulary& target,
                           std::span<const WordPair> pairs) {
  TrainingRecord record;
  std::vector<std::uint64_t> in_order;
  for (const WordPair& pair : pairs) {
    const std::string_view from = source[pair.source], to = target[pair.target];
    record.source_words.push_back(hash_text(from));
    record.target_words.push_back(hash_text(to));
    record.word_pairs.push_back(hash_pair(from, to));
    in_order.push_back(record.word_pairs.back());
    in_order.push_back(std::bit_cast<std::uint32_t>(pair.weight));
  }
  record.hash = hash_bytes(in_order.data(), in_order.size() * sizeof(std::uint64_t));
  sort_unique(record.source_words);
  sort_unique(record.target_words);
  sort_unique(record.word_pairs);
  record.pairs = static_cast<Index>(pairs.size());
  record.used = static_cast<Index>(record.word_pairs.size());
  return record;
}

InputRecord make_input(const Embeddings& embeddings) {
  InputRecord record;
  record.words = embeddings.size();
  record.dimension = static_cast<Index>(embeddings.dimension());
  record.fingerprint = fingerprint(embeddings);
  record.head_fingerprint = fingerprint(embeddings, kHeadWords);
  return record;
}

bool makes_map(const MethodStep& step) {
  return !std::holds_alternative<NormalizeVectors>(step);
}

/// Multiplies rows that are normalised already.
void map_rows(const Matrix& map, Matrix& rows) {
  // The side that does not move need not be copied onto itself.
  if (map.rows() == map.cols() && map.isIdentity(0)) return;
  SideMap{{}, map, {}}.apply_in_place(rows);
}

}  // namespace

LearnResult learn_mapping(Embeddings& source, Embeddings& target, std::span<const WordPair> pairs,
                          const Method& method, const LearnOptions& options) {
  validate_pairs(pairs, source.size(), target.size());
  if (std::none_of(method.steps.begin(), method.steps.end(), makes_map))
    throw Error(ErrorKind::config, "method", "no step that makes a map",
                "a method with procrustes, multistep or ridge");

  const auto map = std::find_if(method.steps.begin(), method.steps.end(), makes_map);
  if (!std::all_of(map, method.steps.end(), makes_map))
    throw Error(ErrorKind::config, "method", "a normalisation after a map",
                "normalisations before all maps", "the map would not fit the vectors");

  LearnResult result;
  Mapping& mapping = result.mapping;
  mapping.training = make_record(source.words, target.words, pairs);
  State state{source, target, pairs, mapping.training.used, {}, {}, {}};
  for (const MethodStep& step : method.steps)
    std::visit([&](const auto& concrete) { check(concrete, state); }, step);

  // Fingerprint, each step, the inverse temperature and the mapped vectors.
  const std::uint64_t total = method.steps.size() + 3;
  std::uint64_t done = 0;
  const auto advance = [&] {
    ++done;
    if (options.progress) options.progress({"learn the mapping", done, total});
  };

  mapping.source.input = make_input(source);
  mapping.target.input = make_input(target);
  advance();
  for (const MethodStep& step : method.steps) {
    std::visit([&](const auto& concrete) { run(concrete, state); }, step);
    mapping.steps.push_back(to_string(resolve(step, state.different_pairs)));
    advance();
  }
  mapping.isf_beta = fit_isf_beta(source.vectors, target.vectors, state.maps, pairs);
  advance();
  if (options.map_vectors) {
    map_rows(state.maps.source, source.vectors);
    map_rows(state.maps.target, target.vectors);
  }
  advance();

  mapping.method = method.name;
  mapping.seed = options.seed;
  mapping.version = XALIGN_VERSION;
  mapping.source.normalizer = std::move(state.source_normalizer);
  mapping.target.normalizer = std::move(state.target_normalizer);
  mapping.source.matrix = std::move(state.maps.source);
  mapping.target.matrix = std::move(state.maps.target);
  result.rank = state.maps.rank;
  return result;
}

}  // namespace xalign
