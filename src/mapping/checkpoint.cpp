#include "io/byte_stream.h"
#include "mapping/mapping_header.h"

#include <xalign/checkpoint.h>
#include <xalign/error.h>

#include <bit>
#include <cmath>

namespace xalign {
namespace {

constexpr const char* kKey = "checkpoint";

std::string block(std::string_view what, std::string_view of) {
  return std::string(kKey) + "." + std::string(what) + "." + std::string(of);
}

void add_pairs(const std::string& what, const std::vector<WordPair>& pairs, XmapWriter& writer) {
  std::vector<std::uint64_t> sources, targets, weights;
  for (const WordPair& pair : pairs) {
    sources.push_back(static_cast<std::uint64_t>(pair.source));
    targets.push_back(static_cast<std::uint64_t>(pair.target));
    weights.push_back(std::bit_cast<std::uint32_t>(pair.weight));
  }
  writer.add(block(what, "sources"), sources);
  writer.add(block(what, "targets"), targets);
  writer.add(block(what, "weights"), weights);
}

std::vector<WordPair> restore_pairs(const std::string& what, const Mapping& mapping,
                                    const XmapReader& reader) {
  const auto sources = reader.numbers(block(what, "sources"));
  const auto targets = reader.numbers(block(what, "targets"));
  const auto weights = reader.numbers(block(what, "weights"));
  if (targets.size() != sources.size() || weights.size() != sources.size())
    reader.fail("a checkpoint whose pairs do not fit together");
  std::vector<WordPair> pairs;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto weight = std::bit_cast<float>(static_cast<std::uint32_t>(weights[i]));
    if (sources[i] >= static_cast<std::uint64_t>(mapping.source.input.words) ||
        targets[i] >= static_cast<std::uint64_t>(mapping.target.input.words) ||
        !(weight > 0 && std::isfinite(weight)))
      reader.fail("a checkpoint with a damaged pair");
    pairs.push_back({static_cast<Index>(sources[i]), static_cast<Index>(targets[i]), weight});
  }
  return pairs;
}

Json describe(const IterationRecord& record) {
  Json json = {{"step", record.step},
               {"iteration", record.iteration},
               {"pairs", record.pairs},
               {"objective", record.objective},
               {"seconds", record.seconds}};
  if (record.consistency) json["consistency"] = *record.consistency;
  if (record.held_out) json["held_out"] = *record.held_out;
  return json;
}

IterationRecord restore_iteration(const Json& json) {
  IterationRecord record{.step = json.at("step").get<std::string>(),
                         .iteration = json.at("iteration").get<int>(),
                         .pairs = json.at("pairs").get<Index>(),
                         .objective = json.at("objective").get<double>(),
                         .seconds = json.at("seconds").get<double>()};
  if (json.contains("consistency")) record.consistency = json.at("consistency").get<double>();
  if (json.contains("held_out")) record.held_out = json.at("held_out").get<double>();
  return record;
}

Json describe_best(const StartOutcome& best, XmapWriter& writer) {
  writer.add(block("best", "source"), best.maps.source);
  writer.add(block("best", "target"), best.maps.target);
  add_pairs("best", best.pairs, writer);
  return {{"number", best.number}, {"consistency", best.consistency}, {"rank", best.maps.rank}};
}

StartOutcome restore_best(const Json& json, const Mapping& mapping, const XmapReader& reader) {
  StartOutcome best{json.at("number").get<Index>(),
                    json.at("consistency").get<double>(),
                    {reader.matrix(block("best", "source")), reader.matrix(block("best", "target")),
                     json.at("rank").get<int>()},
                    restore_pairs("best", mapping, reader)};
  if (best.maps.source.rows() != mapping.source.matrix.rows() ||
      best.maps.target.rows() != mapping.target.matrix.rows() ||
      best.maps.source.cols() != best.maps.target.cols())
    reader.fail("a checkpoint whose shapes do not fit together");
  return best;
}

Checkpoint restore(const XmapReader& reader) {
  Checkpoint checkpoint;
  checkpoint.mapping = restore_mapping(reader);
  const Json& json = reader.header().at(kKey);
  checkpoint.run = reader.numbers(block("run", "hash")).at(0);
  checkpoint.position = json.at("position").get<std::vector<Index>>();
  for (const Index number : checkpoint.position)
    if (number < 0) reader.fail("a checkpoint with a damaged position");
  checkpoint.memory = json.at("memory").get<std::vector<double>>();
  checkpoint.rank = json.at("rank").get<int>();
  checkpoint.pairs = restore_pairs("current", checkpoint.mapping, reader);
  for (const Json& record : json.at("iterations"))
    checkpoint.iterations.push_back(restore_iteration(record));
  if (json.contains("best"))
    checkpoint.best_start = restore_best(json.at("best"), checkpoint.mapping, reader);
  return checkpoint;
}

}  // namespace

void write_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
  XmapWriter writer;
  Json header = describe_mapping(checkpoint.mapping, writer);
  writer.add(block("run", "hash"), std::vector<std::uint64_t>{checkpoint.run});
  add_pairs("current", checkpoint.pairs, writer);
  Json json;
  json["position"] = checkpoint.position;
  json["memory"] = checkpoint.memory;
  json["rank"] = checkpoint.rank;
  json["iterations"] = Json::array();
  for (const IterationRecord& record : checkpoint.iterations)
    json["iterations"].push_back(describe(record));
  if (checkpoint.best_start) json["best"] = describe_best(*checkpoint.best_start, writer);
  header[kKey] = std::move(json);
  write_xmap(path, writer, std::move(header));
}

Checkpoint read_checkpoint(const std::string& path) {
  const auto refuse = [&](std::string_view found) {
    throw Error(ErrorKind::data, input_name(path), found,
                "a checkpoint as 'xalign map --checkpoint' keeps it",
                "remove the file, or name another one");
  };
  const std::string content = read_xmap(path);
  if (!is_xmap(content)) refuse(content.empty() ? "an empty file" : "not a checkpoint");
  const XmapReader reader(input_name(path), content);
  if (!reader.header().contains(kKey)) refuse("a mapping, but no checkpoint");
  try {
    return restore(reader);
  } catch (const Json::exception&) {
    reader.fail("a checkpoint with a damaged header");
  } catch (const std::out_of_range&) {
    reader.fail("a checkpoint with a damaged header");
  }
}

}  // namespace xalign
