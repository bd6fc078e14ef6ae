#include "io/byte_stream.h"
#include "io/output_file.h"
#include "mapping/mapping_header.h"

#include <xalign/error.h>
#include <xalign/mapping_io.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>

namespace xalign {
namespace {

using Operation = Normalizer::Operation;

constexpr std::size_t kMagicBytes = 8;
constexpr std::array kOutcomes{Outcome::aligned, Outcome::doubtful, Outcome::failed};
constexpr std::array<std::string_view, 6> kOperationNames{"unit",   "center", "project",
                                                          "linear", "scale",  "clusters"};

std::string operation_block(std::string_view side, std::size_t i) {
  return fmt::format("{}.normalize.{}", side, i);
}

std::string to_hex(std::uint64_t number) {
  return fmt::format("{:016x}", number);
}

std::uint64_t from_hex(const Json& value, const XmapReader& reader) {
  const auto text = value.get<std::string>();
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (error != std::errc() || stop != text.data() + text.size())
    reader.fail("a mapping with a damaged number");
  return number;
}

Index to_index(const Json& value, const XmapReader& reader) {
  const std::uint64_t number = reader.to_unsigned(value);
  if (number > static_cast<std::uint64_t>(std::numeric_limits<Index>::max()))
    reader.fail("a mapping with a number out of range");
  return static_cast<Index>(number);
}

std::string operation_text(const Operation& operation) {
  const auto name = kOperationNames.at(static_cast<std::size_t>(operation.kind));
  if (operation.kind != Operation::Kind::clusters) return std::string(name);
  return fmt::format("{}:{}", name, operation.clusters);
}

Operation restore_operation(std::string_view text, const XmapReader& reader) {
  const std::size_t colon = text.find(':');
  const auto* found = std::ranges::find(kOperationNames, text.substr(0, colon));
  if (found == kOperationNames.end()) reader.fail("a mapping with an unknown normalisation");
  Operation operation{static_cast<Operation::Kind>(found - kOperationNames.begin())};
  if (colon == std::string_view::npos) return operation;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, operation.clusters);
  if (operation.kind != Operation::Kind::clusters || error != std::errc() || stop != end)
    reader.fail("a mapping with an unknown normalisation");
  return operation;
}

Json describe_reranker(const RerankerModel& model) {
  Json json;
  json["neighbors"] = model.neighbors;
  json["alike"] = model.alike;
  json["coefficients"] = Json::object();
  for (std::size_t i = 0; i < model.features.size(); ++i)
    json["coefficients"][model.features[i]] = model.coefficients[i];
  for (const auto& [query, answer] : model.known) {
    json["known"]["queries"].push_back(query);
    json["known"]["answers"].push_back(answer);
  }
  json["calibration"] = {{"low", model.calibration.low},
                         {"high", model.calibration.high},
                         {"offset", model.calibration.offset}};
  json["reliability"] = Json::array();
  for (const ReliabilityBin& bin : model.reliability.bins)
    json["reliability"].push_back(
        {{"queries", bin.queries}, {"promised", bin.promised}, {"right", bin.right}});
  return json;
}

RerankerModel restore_reranker(const Json& json, const XmapReader& reader) {
  RerankerModel model;
  model.neighbors = to_index(json.at("neighbors"), reader);
  model.alike = to_index(json.at("alike"), reader);
  for (const auto& [name, coefficient] : json.at("coefficients").items()) {
    model.features.push_back(name);
    model.coefficients.push_back(coefficient.get<double>());
  }
  if (json.contains("known")) {
    const Json &queries = json["known"].at("queries"), &answers = json["known"].at("answers");
    if (queries.size() != answers.size()) reader.fail("a mapping with a damaged reranker");
    for (std::size_t i = 0; i < queries.size(); ++i)
      model.known.emplace_back(queries[i].get<std::string>(), answers[i].get<std::string>());
  }
  model.calibration.low = json.at("calibration").at("low").get<double>();
  model.calibration.high = json.at("calibration").at("high").get<double>();
  model.calibration.offset = json.at("calibration").at("offset").get<double>();
  const Json& bins = json.at("reliability");
  if (bins.size() != model.reliability.bins.size())
    reader.fail("a mapping with a damaged reranker");
  for (std::size_t i = 0; i < bins.size(); ++i)
    model.reliability.bins[i] = {to_index(bins[i].at("queries"), reader),
                                 bins[i].at("promised").get<double>(),
                                 bins[i].at("right").get<double>()};
  try {
    model.validate();
  } catch (const Error& error) {
    reader.fail(fmt::format("a mapping whose {}", error.what()));
  }
  return model;
}

Json describe_side(std::string_view name, const SideMap& side, XmapWriter& writer) {
  Json json;
  json["name"] = side.input.name;
  json["language"] = side.input.language;
  json["words"] = side.input.words;
  json["dimension"] = side.input.dimension;
  json["fingerprint"] = to_hex(side.input.fingerprint);
  json["head_fingerprint"] = to_hex(side.input.head_fingerprint);
  json["normalize"] = to_string(side.normalizer.recipe());
  json["operations"] = Json::array();
  const auto& operations = side.normalizer.operations();
  for (std::size_t i = 0; i < operations.size(); ++i) {
    json["operations"].push_back(operation_text(operations[i]));
    if (operations[i].kind != Operation::Kind::unit)
      writer.add(operation_block(name, i), operations[i].values);
  }
  writer.add(std::string(name) + ".matrix", side.matrix);
  if (side.reranker) json["reranker"] = describe_reranker(*side.reranker);
  return json;
}

Json describe_training(const TrainingRecord& training, XmapWriter& writer) {
  writer.add("training.source_words", training.source_words);
  writer.add("training.target_words", training.target_words);
  writer.add("training.word_pairs", training.word_pairs);
  Json json;
  json["pairs"] = training.pairs;
  json["used"] = training.used;
  json["hash"] = to_hex(training.hash);
  return json;
}

Json describe_verdict(const Verdict& verdict) {
  Json json;
  json["outcome"] = to_string(verdict.outcome);
  json["consistency"] = verdict.found.held_out;
  json["agreement"] = verdict.found.agreement;
  json["pairs"] = verdict.found.pairs;
  json["words"] = verdict.found.words;
  json["null"] = verdict.null;
  if (verdict.held_out_precision) json["held_out"] = *verdict.held_out_precision;
  if (verdict.seed_precision) json["held_out_seeds"] = *verdict.seed_precision;
  return json;
}

Json describe_learning(const LearningRecord& learning) {
  Json json;
  json["iterations"] = learning.iterations;
  json["pairs"] = learning.pairs;
  json["objective"] = learning.objective;
  json["complete"] = learning.complete;
  if (learning.verdict) json["verdict"] = describe_verdict(*learning.verdict);
  return json;
}

Normalizer restore_normalizer(std::string_view name, const Json& json, const XmapReader& reader) {
  std::vector<Operation> operations;
  for (const Json& entry : json.at("operations")) {
    Operation operation = restore_operation(entry.get_ref<const std::string&>(), reader);
    if (operation.kind != Operation::Kind::unit)
      operation.values = reader.matrix(operation_block(name, operations.size()));
    operations.push_back(std::move(operation));
  }
  try {
    Normalizer normalizer{
        parse_normalize_recipe(json.at("normalize").get_ref<const std::string&>()),
        std::move(operations)};
    if (normalizer.groups() == 1) return normalizer;
    reader.fail("a mapping that needs to know the groups of its rows");
  } catch (const Error&) {
    reader.fail("a mapping with a damaged normalisation");
  }
}

SideMap restore_side(std::string_view name, const Json& json, const XmapReader& reader) {
  SideMap side;
  side.input.name = json.at("name").get<std::string>();
  side.input.language = json.at("language").get<std::string>();
  side.input.words = to_index(json.at("words"), reader);
  side.input.dimension = to_index(json.at("dimension"), reader);
  side.input.fingerprint = from_hex(json.at("fingerprint"), reader);
  side.input.head_fingerprint = from_hex(json.at("head_fingerprint"), reader);
  side.normalizer = restore_normalizer(name, json, reader);
  side.matrix = reader.matrix(std::string(name) + ".matrix");
  if (json.contains("reranker")) side.reranker = restore_reranker(json.at("reranker"), reader);
  const Eigen::Index fitted = side.normalizer.dimension();
  if (side.matrix.size() == 0 || side.matrix.rows() != side.input.dimension ||
      (fitted != 0 && fitted != side.matrix.rows()))
    reader.fail("a mapping whose shapes do not fit together");
  return side;
}

std::vector<std::uint64_t> restore_hashes(const std::string& name, const XmapReader& reader) {
  std::vector<std::uint64_t> hashes = reader.numbers(name);
  if (!std::is_sorted(hashes.begin(), hashes.end()))
    reader.fail(fmt::format("a mapping with {} out of order", name));
  return hashes;
}

TrainingRecord restore_training(const Json& json, const XmapReader& reader) {
  TrainingRecord training;
  training.pairs = to_index(json.at("pairs"), reader);
  training.used = to_index(json.at("used"), reader);
  training.hash = from_hex(json.at("hash"), reader);
  training.source_words = restore_hashes("training.source_words", reader);
  training.target_words = restore_hashes("training.target_words", reader);
  training.word_pairs = restore_hashes("training.word_pairs", reader);
  return training;
}

double to_share(const Json& value, const XmapReader& reader) {
  const double share = value.get<double>();
  if (!(share >= 0 && share <= 1)) reader.fail("a mapping with a number out of range");
  return share;
}

Verdict restore_verdict(const Json& json, const XmapReader& reader) {
  Verdict verdict;
  const auto& name = json.at("outcome").get_ref<const std::string&>();
  const auto* found = std::find_if(kOutcomes.begin(), kOutcomes.end(),
                                   [&](Outcome outcome) { return to_string(outcome) == name; });
  if (found == kOutcomes.end()) reader.fail("a mapping with an unknown verdict");
  verdict.outcome = *found;
  verdict.found.held_out = to_share(json.at("consistency"), reader);
  verdict.found.agreement = to_share(json.at("agreement"), reader);
  verdict.found.pairs = to_index(json.at("pairs"), reader);
  verdict.found.words = to_index(json.at("words"), reader);
  verdict.null = to_share(json.at("null"), reader);
  if (json.contains("held_out")) verdict.held_out_precision = to_share(json.at("held_out"), reader);
  if (json.contains("held_out_seeds"))
    verdict.seed_precision = to_share(json.at("held_out_seeds"), reader);
  return verdict;
}

LearningRecord restore_learning(const Json& json, const XmapReader& reader) {
  LearningRecord learning;
  learning.iterations = to_index(json.at("iterations"), reader);
  learning.pairs = to_index(json.at("pairs"), reader);
  learning.objective = json.at("objective").get<double>();
  learning.complete = json.at("complete").get<bool>();
  if (json.contains("verdict")) learning.verdict = restore_verdict(json.at("verdict"), reader);
  return learning;
}

}  // namespace

Json describe_mapping(const Mapping& mapping, XmapWriter& writer) {
  Json header;
  header["format"] = "xalign mapping";
  header["xalign"] = mapping.version;
  header["method"] = mapping.method;
  header["steps"] = mapping.steps;
  header["seed"] = mapping.seed;
  header["isf_beta"] = mapping.isf_beta;
  header["training"] = describe_training(mapping.training, writer);
  header["learning"] = describe_learning(mapping.learning);
  header["source"] = describe_side("source", mapping.source, writer);
  header["target"] = describe_side("target", mapping.target, writer);
  return header;
}

Mapping restore_mapping(const XmapReader& reader) {
  const Json& header = reader.header();
  Mapping mapping;
  mapping.version = header.at("xalign").get<std::string>();
  mapping.method = header.at("method").get<std::string>();
  mapping.steps = header.at("steps").get<std::vector<std::string>>();
  mapping.seed = reader.to_unsigned(header.at("seed"));
  mapping.isf_beta = header.at("isf_beta").get<double>();
  mapping.training = restore_training(header.at("training"), reader);
  // Mappings from before self-learning lack it.
  if (header.contains("learning"))
    mapping.learning = restore_learning(header.at("learning"), reader);
  mapping.source = restore_side("source", header.at("source"), reader);
  mapping.target = restore_side("target", header.at("target"), reader);
  if (mapping.source.matrix.cols() != mapping.target.matrix.cols() || !(mapping.isf_beta >= 0))
    reader.fail("a mapping whose two sides do not fit together");
  return mapping;
}

void write_xmap(const std::string& path, const XmapWriter& writer, Json header) {
  OutputFile file(path);
  file.write(writer.finish(std::move(header)));
  file.close();
}

std::string read_xmap(const std::string& path) {
  ByteStream stream(input_name(path), open_for_reading(path));
  std::string content = read_bytes(stream, kMagicBytes);
  // What is not a mapping may be large, or never end.
  if (is_xmap(content)) {
    content += read_bytes(stream, kXmapPrefixBytes - kMagicBytes);
    // One byte more than there should be tells that there are too many.
    content += read_bytes(stream, xmap_bytes_left(content) + 1);
  }
  return content;
}

void write_mapping(const std::string& path, const Mapping& mapping) {
  XmapWriter writer;
  Json header = describe_mapping(mapping, writer);
  write_xmap(path, writer, std::move(header));
}

Mapping read_mapping(const std::string& path) {
  const std::string content = read_xmap(path);
  const XmapReader reader(input_name(path), content);
  try {
    return restore_mapping(reader);
  } catch (const Json::exception&) {
    reader.fail("a mapping with a damaged header");
  }
}

bool is_mapping_file(const std::string& path) {
  // A pipe could not be read again.
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  try {
    ByteStream stream(path, open_for_reading(path));
    return is_xmap(read_bytes(stream, kMagicBytes));
  } catch (const Error&) {
    return false;
  }
}

}  // namespace xalign
