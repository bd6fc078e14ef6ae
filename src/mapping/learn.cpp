#include "core/hash.h"
#include "mapping/isf_beta.h"
#include "mapping/learn_rerankers.h"
#include "mapping/steps.h"
#include "mapping/training_rows.h"

#include <xalign/error.h>
#include <xalign/learn.h>
#include <xalign/version.h>

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace xalign {
namespace {

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

bool refines(const MethodStep& step) {
  return std::holds_alternative<SelfLearning>(step) || std::holds_alternative<RefineRcsls>(step) ||
         std::holds_alternative<RefineContrastive>(step);
}

bool makes_pairs(const MethodStep& step) {
  return std::holds_alternative<FindPairs>(step) ||
         std::holds_alternative<MatchDistributions>(step);
}

bool makes_map(const MethodStep& step) {
  return !std::holds_alternative<NormalizeVectors>(step) && !makes_pairs(step) && !refines(step);
}

bool normalizes(const MethodStep& step) {
  return std::holds_alternative<NormalizeVectors>(step);
}

bool rotates(const MethodStep& step) {
  if (std::holds_alternative<MapProcrustes>(step)) return true;
  const auto* learning = std::get_if<SelfLearning>(&step);
  return learning != nullptr &&
         std::any_of(learning->rounds.begin(), learning->rounds.end(),
                     [](const auto& round) { return round.map == RoundMap::procrustes; });
}

/// Refuses, before any work, what cannot run in this order on vectors like these.
void check(const Method& method, bool seeds, Eigen::Index source_dimension,
           Eigen::Index target_dimension) {
  bool pairs = seeds, map = false;
  for (const MethodStep& step : method.steps) {
    std::visit([](const auto& concrete) { concrete.validate(); }, step);
    if (rotates(step)) require_equal_dimensions(source_dimension, target_dimension);
    if (map && normalizes(step))
      throw Error(ErrorKind::config, "method", "a normalisation after a map",
                  "normalisations before all maps", "the map would not fit the vectors");
    if (makes_map(step) && !pairs)
      throw Error(ErrorKind::config, "method", "a map without pairs",
                  "seed pairs, or a step before it that finds pairs");
    if (refines(step) && !map)
      throw Error(ErrorKind::config, "method",
                  fmt::format("{} without a map to begin with", to_string(step)),
                  "a step before it that makes a map");
    pairs = pairs || makes_pairs(step);
    map = map || makes_map(step);
  }
  if (!map)
    throw Error(ErrorKind::config, "method", "no step that makes a map",
                "a method with procrustes, multistep or ridge");
}

/// Multiplies rows that are normalised already.
void map_rows(const Matrix& map, Matrix& rows) {
  // The side that does not move need not be copied onto itself.
  if (map.rows() == map.cols() && map.isIdentity(0)) return;
  SideMap{{}, map, {}}.apply_in_place(rows);
}

}  // namespace

void LearnOptions::validate() const {
  if (!(time_limit >= 0))
    throw Error(ErrorKind::config, "time_limit", fmt::format("{}", time_limit),
                "0 or more seconds");
  if (reranker) reranker->validate();
}

void run_steps(const std::vector<MethodStep>& steps, LearnState& state,
               const std::function<void()>& after_each) {
  for (const MethodStep& step : steps) {
    if (state.has_map() && state.monitor.out_of_time()) break;
    std::visit([&](const auto& concrete) { run(concrete, state); }, step);
    if (after_each) after_each();
  }
}

LearnResult learn_mapping(Embeddings& source, Embeddings& target, std::span<const WordPair> seeds,
                          const Method& method, const LearnOptions& options) {
  options.validate();
  if (!seeds.empty() || !finds_pairs(method)) validate_pairs(seeds, source.size(), target.size());
  if (!options.held_out.empty()) validate_pairs(options.held_out, source.size(), target.size());

  LearnResult result;
  Mapping& mapping = result.mapping;
  mapping.training = make_record(source.words, target.words, seeds);
  const Method resolved = resolve(method, mapping.training.used);
  check(resolved, !seeds.empty(), source.dimension(), target.dimension());

  LearnMonitor monitor(options);
  LearnState state{source.words, target.words,     source.vectors, target.vectors,
                   seeds,        options.held_out, options.seed,   monitor};
  state.pairs.assign(seeds.begin(), seeds.end());

  // Fingerprint, each step, the inverse temperature and the mapped vectors.
  const std::uint64_t total = resolved.steps.size() + 3;
  std::uint64_t done = 0;
  const auto advance = [&] {
    ++done;
    if (options.progress) options.progress({"learn the mapping", done, total});
  };

  mapping.source.input = make_input(source);
  mapping.target.input = make_input(target);
  advance();
  for (const MethodStep& step : resolved.steps) mapping.steps.push_back(to_string(step));
  run_steps(resolved.steps, state, advance);
  mapping.isf_beta =
      fit_isf_beta(source.vectors, target.vectors, state.maps, seeds.empty() ? state.pairs : seeds);
  advance();
  if (options.reranker)
    result.reranker_trials = learn_rerankers(state, resolved, *options.reranker, mapping);
  if (options.map_vectors) {
    map_rows(state.maps.source, source.vectors);
    map_rows(state.maps.target, target.vectors);
  }
  done = total - 1;
  advance();

  mapping.method = method.name;
  mapping.seed = options.seed;
  mapping.version = XALIGN_VERSION;
  mapping.source.normalizer = std::move(state.source_normalizer);
  mapping.target.normalizer = std::move(state.target_normalizer);
  mapping.source.matrix = std::move(state.maps.source);
  mapping.target.matrix = std::move(state.maps.target);
  result.rank = state.maps.rank;
  result.pairs = std::move(state.pairs);
  result.iterations = monitor.iterations();
  result.out_of_time = monitor.was_out_of_time();
  return result;
}

}  // namespace xalign
