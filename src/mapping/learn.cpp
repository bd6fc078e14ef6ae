#include "core/hash.h"
#include "mapping/isf_beta.h"
#include "mapping/learn_rerankers.h"
#include "mapping/steps.h"
#include "mapping/training_rows.h"

#include <xalign/consistency.h>
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

/// What a step needs and gives, to refuse orders that cannot be before any work.
struct Order {
  bool pairs = false;
  bool map = false;
  Eigen::Index source_dimension = 0;
  Eigen::Index target_dimension = 0;

  void same_dimension() const { require_equal_dimensions(source_dimension, target_dimension); }
  void need_pairs() const {
    if (!pairs)
      throw Error(ErrorKind::config, "method", "a map without pairs",
                  "seed pairs, or a step before it that finds pairs");
  }
  void need_map(const MethodStep& step) const {
    if (!map)
      throw Error(ErrorKind::config, "method", to_string(step) + " without a map to begin with",
                  "a step before it that makes a map");
  }
};

void check(const std::vector<MethodStep>& steps, Order& order);

void check(const NormalizeVectors&, Order& order) {
  if (order.map)
    throw Error(ErrorKind::config, "method", "a normalisation after a map",
                "normalisations before all maps", "the map would not fit the vectors");
}
void check(const FindPairs&, Order& order) {
  order.pairs = true;
}
void check(const MatchDistributions&, Order& order) {
  order.pairs = true;
}
void check(const MapProcrustes&, Order& order) {
  order.same_dimension();
  order.need_pairs();
  order.map = true;
}
template <typename Map>
void check_map(const Map&, Order& order) {
  order.need_pairs();
  order.map = true;
}
void check(const MapMultistep& step, Order& order) {
  check_map(step, order);
}
void check(const MapRidge& step, Order& order) {
  check_map(step, order);
}
void check(const MapAuto& step, Order& order) {
  check_map(step, order);
}
void check(const MapChosenMultistep& step, Order& order) {
  check_map(step, order);
}
void check(const RefineRcsls& step, Order& order) {
  order.need_map(step);
}
void check(const RefineContrastive& step, Order& order) {
  order.need_map(step);
}
void check(const SelfLearning& step, Order& order) {
  order.need_map(step);
  for (const SelfLearningRound& round : step.rounds)
    if (round.map == RoundMap::procrustes) order.same_dimension();
}
void check_lists(const std::vector<Method>& methods, Order& order) {
  const Order before = order;
  for (const Method& method : methods) {
    order = before;
    order.map = false;
    check(method.steps, order);
    if (!order.map)
      throw Error(ErrorKind::config, "method", "a start that makes no map",
                  "a map in every list of a choice");
  }
}
void check(const KeepBest& step, Order& order) {
  Order reserve = order;
  check_lists(step.reserve, reserve);
  check_lists(step.methods, order);
}
void check(const ChooseMethod& step, Order& order) {
  order.need_pairs();
  check_lists(step.methods, order);
}

void check(const std::vector<MethodStep>& steps, Order& order) {
  for (const MethodStep& step : steps)
    std::visit([&](const auto& concrete) { check(concrete, order); }, step);
}

void check(const Method& method, Order order) {
  for (const MethodStep& step : method.steps)
    std::visit([](const auto& concrete) { concrete.validate(); }, step);
  check(method.steps, order);
  if (!order.map)
    throw Error(ErrorKind::config, "method", "no step that makes a map",
                "a method with procrustes, multistep or ridge");
}

// Below it consistency says little.
constexpr Index kFewestWordsToJudge = 1000;

std::uint64_t hash_of_run(const Mapping& mapping) {
  std::string text =
      fmt::format("{} {} {} {}", mapping.source.input.fingerprint, mapping.target.input.fingerprint,
                  mapping.training.hash, mapping.seed);
  for (const std::string& step : mapping.steps) text += "\n" + step;
  return hash_text(text);
}

/// Of several starts, the one that was kept.
MethodStep start_as_run(const MethodStep& step, const LearnMonitor& monitor) {
  const auto* choice = std::get_if<KeepBest>(&step);
  if (choice == nullptr) return step;
  const auto& log = monitor.iterations();
  const Method* kept = &choice->methods.front();
  double best = -1;
  for (const IterationRecord& record : log)
    for (const std::vector<Method>* list : {&choice->methods, &choice->reserve})
      for (const Method& method : *list)
        if (record.step == "start " + method.name &&
            record.consistency.value_or(-1) > best + choice->margin) {
          best = *record.consistency;
          kept = &method;
        }
  return KeepBest{.methods = {*kept}, .reserve = {}};
}

/// The steps as they went: those that were chosen in the place of a choice.
Method as_run(const Method& method, const LearnMonitor& monitor) {
  Method run{method.name, {}};
  auto record = monitor.iterations().begin();
  const auto end = monitor.iterations().end();
  for (const MethodStep& step : method.steps) {
    const auto* choice = std::get_if<ChooseMethod>(&step);
    if (choice == nullptr) {
      run.steps.push_back(start_as_run(step, monitor));
      continue;
    }
    // Without a record the time was over before.
    const Method* chosen = &choice->methods.front();
    record = std::find_if(
        record, end, [](const IterationRecord& r) { return r.step.starts_with(kChosenRecord); });
    if (record != end) {
      for (const Method& candidate : choice->methods)
        if (record->step == std::string(kChosenRecord) + candidate.name) chosen = &candidate;
      ++record;
    }
    run.steps.insert(run.steps.end(), chosen->steps.begin(), chosen->steps.end());
  }
  return run;
}

LearningRecord summarize(const LearnState& state) {
  LearningRecord record;
  const auto& iterations = state.monitor.iterations();
  record.iterations = static_cast<int>(iterations.size());
  record.pairs = static_cast<Index>(state.pairs.size());
  for (const IterationRecord& iteration : iterations)
    if (iteration.objective != 0) record.objective = iteration.objective;
  record.complete = !state.monitor.was_out_of_time();
  return record;
}

void set_sides(Mapping& mapping, const LearnState& state) {
  mapping.source.normalizer = state.source_normalizer;
  mapping.target.normalizer = state.target_normalizer;
  mapping.source.matrix = state.maps.source;
  mapping.target.matrix = state.maps.target;
}

Checkpoint make_checkpoint(const Mapping& mapping, std::uint64_t run, const LearnState& state) {
  Checkpoint point;
  point.mapping = mapping;
  set_sides(point.mapping, state);
  point.mapping.learning = summarize(state);
  point.mapping.learning.complete = false;
  point.run = run;
  point.position = state.cursor.path();
  point.memory = state.memory;
  point.rank = state.maps.rank;
  point.pairs = state.pairs;
  point.best_start = state.best_start;
  point.iterations = state.monitor.iterations();
  return point;
}

void resume(const Checkpoint& point, std::uint64_t run, LearnState& state) {
  if (point.run != run)
    throw Error(ErrorKind::data, "checkpoint", "of another run",
                "the same vectors, dictionary, method and seed",
                "remove the file, or name another one");
  state.cursor = Cursor(point.position);
  state.memory = point.memory;
  state.pairs = point.pairs;
  state.maps = {point.mapping.source.matrix, point.mapping.target.matrix, point.rank};
  state.best_start = point.best_start;
  state.monitor.resume(point.iterations);
}

bool looks_at_spelling(const std::vector<MethodStep>& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const MethodStep& step) {
    if (const auto* rounds = std::get_if<SelfLearning>(&step))
      return std::any_of(rounds->rounds.begin(), rounds->rounds.end(),
                         [](const SelfLearningRound& round) { return round.spelling; });
    if (const auto* choice = std::get_if<KeepBest>(&step))
      return std::any_of(choice->methods.begin(), choice->methods.end(),
                         [](const Method& method) { return looks_at_spelling(method.steps); });
    return false;
  });
}

Verdict judge(const std::vector<MethodStep>& steps, const LearnState& state) {
  JudgeOptions options{.seeds = state.seeds, .progress = state.monitor.progress()};
  if (looks_at_spelling(steps)) {
    options.source_words = &state.source_words;
    options.target_words = &state.target_words;
    options.first_null = state.first_null;
  }
  return judge_alignment(state.source, state.target, state.maps, state.held_out, options);
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
  const bool resumes = state.cursor.resuming();
  Cursor::Level level(state.cursor);
  for (Index i = 0; i < static_cast<Index>(steps.size()); ++i) {
    const MethodStep& step = steps[static_cast<std::size_t>(i)];
    // A checkpoint holds what the steps before it have made, but not the normalised vectors.
    const bool done_before =
        resumes && i < level.first() && !std::holds_alternative<NormalizeVectors>(step);
    if (!done_before && !(state.has_map() && state.monitor.out_of_time())) {
      level.at(i);
      std::visit([&](const auto& concrete) { run(concrete, state); }, step);
      level.at(i + 1);
      if (state.has_map() && !state.monitor.was_out_of_time()) state.checkpoint();
    }
    if (after_each) after_each();
  }
}

LearnResult learn_mapping(Embeddings& source, Embeddings& target, std::span<const WordPair> seeds,
                          const Method& method, const LearnOptions& options) {
  options.validate();
  if (!seeds.empty()) validate_pairs(seeds, source.size(), target.size());
  if (!options.held_out.empty()) validate_pairs(options.held_out, source.size(), target.size());

  LearnResult result;
  Mapping& mapping = result.mapping;
  mapping.method = method.name;
  mapping.seed = options.seed;
  mapping.version = XALIGN_VERSION;
  mapping.training = make_record(source.words, target.words, seeds);
  const Index words = std::min(source.size(), target.size());
  const Method resolved = resolve(method, mapping.training.used, words);
  if (!finds_pairs(resolved)) validate_pairs(seeds, source.size(), target.size());
  check(resolved, {!seeds.empty(), false, source.dimension(), target.dimension()});
  for (const MethodStep& step : resolved.steps) mapping.steps.push_back(to_string(step));

  // Fingerprint, each step, the verdict, the inverse temperature and the mapped vectors.
  const std::uint64_t total = resolved.steps.size() + 4;
  std::uint64_t done = 0;
  const auto advance = [&] {
    ++done;
    if (options.progress) options.progress({"learn the mapping", done, total});
  };
  mapping.source.input = make_input(source);
  mapping.target.input = make_input(target);
  const std::uint64_t run = hash_of_run(mapping);
  advance();

  LearnMonitor monitor(options);
  LearnState state{source.words, target.words,     source.vectors, target.vectors,
                   seeds,        options.held_out, options.seed,   monitor};
  state.pairs.assign(seeds.begin(), seeds.end());
  if (options.resume != nullptr) resume(*options.resume, run, state);
  if (options.checkpoint)
    state.checkpoint = [&] { options.checkpoint(make_checkpoint(mapping, run, state)); };
  run_steps(resolved.steps, state, advance);

  const Method taken = as_run(resolved, monitor);
  mapping.steps.clear();
  for (const MethodStep& step : taken.steps) mapping.steps.push_back(to_string(step));
  mapping.learning = summarize(state);
  if (options.judge && words >= kFewestWordsToJudge)
    mapping.learning.verdict = judge(taken.steps, state);
  advance();
  mapping.isf_beta =
      fit_isf_beta(source.vectors, target.vectors, state.maps, seeds.empty() ? state.pairs : seeds);
  advance();
  if (options.reranker && mapping.learning.complete)
    result.reranker_trials = learn_rerankers(state, taken, *options.reranker, mapping);
  if (options.map_vectors) {
    map_rows(state.maps.source, source.vectors);
    map_rows(state.maps.target, target.vectors);
  }
  advance();
  set_sides(mapping, state);
  result.rank = state.maps.rank;
  result.pairs = std::move(state.pairs);
  result.iterations = monitor.iterations();
  result.method_trials = std::move(state.method_trials);
  return result;
}

}  // namespace xalign
