#include "file_info.h"

#include "inputs.h"
#include "io/decimal.h"
#include "io/vector_formats.h"
#include "io/vector_row.h"
#include "spool.h"

#include <xalign/error.h>
#include <xalign/lexicon_io.h>
#include <xalign/mapping_io.h>
#include <xalign/text.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace xalign::cli {
namespace {

constexpr std::size_t kHeaderLook = 256;

std::string hex(std::uint64_t number) {
  return fmt::format("{:016x}", number);
}

std::string method_text(const std::vector<std::string>& steps) {
  return fmt::format("{}", fmt::join(steps, " | "));
}

Json input_json(const SideMap& side) {
  Json json = {{"file", side.input.name}};
  if (!side.input.language.empty()) json["language"] = side.input.language;
  json["words"] = side.input.words;
  json["dimension"] = side.input.dimension;
  json["fingerprint"] = hex(side.input.fingerprint);
  return json;
}

Json mapping_info(const std::string& path, const std::string& shown) {
  const Mapping mapping = read_mapping(path);
  return {{"file", shown},
          {"type", "mapping"},
          {"method", mapping.method},
          {"steps", method_text(mapping.steps)},
          {"dimensions", mapping.dimension()},
          {"source", input_json(mapping.source)},
          {"target", input_json(mapping.target)},
          {"dictionary",
           {{"pairs", mapping.training.pairs},
            {"used", mapping.training.used},
            {"hash", hex(mapping.training.hash)}}},
          {"isf_beta", rounded(mapping.isf_beta)},
          {"seed", mapping.seed},
          {"made_by", "xalign " + mapping.version}};
}

Json vectors_info(VectorInput& input) {
  std::uint64_t words = 0;
  std::vector<float> norms;
  for (Embeddings batch; input.next(batch); batch = {}) {
    words += static_cast<std::uint64_t>(batch.size());
    for (Eigen::Index i = 0; i < batch.vectors.rows(); ++i)
      norms.push_back(static_cast<float>(batch.vectors.row(i).cast<double>().norm()));
  }
  std::ranges::sort(norms);
  const ReadReport& report = input.report();
  Json json = {{"file", input.path()}, {"type", "vectors"}, {"format", to_string(report.format)}};
  if (!report.compression.empty()) json["compression"] = report.compression;
  json["words"] = words;
  json["dimension"] = input.info().dimension;
  if (input.info().store) {
    const StoreLabels& labels = input.info().store->labels;
    json["numbers"] = to_string(input.info().store->type);
    for (const auto& [name, label] : {std::pair{"language", &labels.language},
                                      {"source", &labels.source},
                                      {"licence", &labels.licence},
                                      {"normalization", &labels.normalization}})
      if (!label->empty()) json[name] = *label;
    json["fingerprint"] = hex(input.info().fingerprints->all);
  }
  if (input.info().has_ngrams) json["ngrams"] = true;
  json["duplicates"] = report.duplicates;
  json["zero_vectors"] = report.zero_vectors;
  json["bad_utf8"] = report.bad_utf8;
  if (!norms.empty())
    json["norm"] = {{"least", rounded(norms.front())},
                    {"median", rounded(norms[norms.size() / 2])},
                    {"largest", rounded(norms.back())}};
  return json;
}

Json dictionary_info(const std::string& shown, const LexiconReadResult& read) {
  std::set<std::string_view> sources, targets;
  std::set<std::pair<std::string_view, std::string_view>> pairs;
  for (const LexiconEntry& entry : read.lexicon) {
    sources.insert(entry.source);
    targets.insert(entry.target);
    pairs.emplace(entry.source, entry.target);
  }
  const char separator = read.report.separator;
  return {{"file", shown},
          {"type", "dictionary"},
          {"separator", separator == '\t'  ? "tab"
                        : separator == ',' ? "comma"
                                           : "blank"},
          {"pairs", read.lexicon.size()},
          {"repeated", read.lexicon.size() - pairs.size()},
          {"source_words", sources.size()},
          {"target_words", targets.size()},
          {"weights", read.report.weights},
          {"bad_utf8", read.report.bad_utf8}};
}

/// Whether a line is a word and two numbers or more, and nothing else.
bool is_row(std::string_view line) {
  const RowLayout layout{.separator = find_separator(line)};
  const std::string_view word = word_of(line, layout);
  if (word.empty() || word.size() == line.size()) return false;
  const std::string_view numbers = line.substr(word.size());
  const std::ptrdiff_t count = count_fields(numbers);
  std::vector<float> values(static_cast<std::size_t>(count));
  return count >= 2 && parse_floats(numbers.data(), numbers.data() + numbers.size(),
                                    numbers.data() + numbers.size(), values.data(), count);
}

/// Whether a file can be nothing but vectors, if bad ones: binary, or a header and then nothing or
/// a row.
bool is_surely_vectors(const std::string& path) {
  const auto input = ByteInput::open(path);
  const VectorFormat format = recognise_format(*input).format;
  if (format == VectorFormat::glove) return false;
  if (format != VectorFormat::vec) return true;
  std::string_view rest = input->peek(kHeaderLook);
  rest.remove_prefix(std::min(rest.find('\n'), rest.size()));
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
  return rest.empty() || is_row(trim_line(rest.substr(0, rest.find('\n'))));
}

Json file_info(const std::string& path, const std::string& shown, const InputOptions& options,
               Session& session) {
  if (is_mapping_file(path)) return mapping_info(path, shown);
  std::optional<VectorInput> vectors;
  std::string not_vectors;
  try {
    vectors.emplace(path, options, session, 0, shown);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data || is_surely_vectors(path)) throw;
    not_vectors = error.what();
  }
  if (vectors) {
    MemoryEstimate memory;
    memory.add_streamed(*vectors);
    memory.add(vectors->expected_words() * sizeof(float));  // lengths
    memory.check(session);
    return vectors_info(*vectors);
  }
  try {
    return dictionary_info(shown, read_lexicon(path, {.strict = options.strict}));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    throw Error(ErrorKind::data, path, "not recognised", "vectors, a mapping or a dictionary",
                fmt::format("as vectors: {} - as a dictionary: {}", not_vectors, error.what()));
  }
}

}  // namespace

Json file_info(const std::string& path, const InputOptions& options, Session& session) {
  const Spool spool(path);
  return spool.read([&] { return file_info(spool.path(), spool.shown(), options, session); });
}

std::string info_text(const Json& info) {
  std::string out =
      fmt::format("{}: {}\n", info["file"].get<std::string>(), info["type"].get<std::string>());
  const auto value_text = [](const Json& value) {
    if (value.is_string()) return printable(value.get<std::string>(), 500);
    if (value.is_number_unsigned()) return grouped(value.get<std::uint64_t>());
    return value.is_boolean() ? std::string(value.get<bool>() ? "yes" : "no") : value.dump();
  };
  for (const auto& [key, value] : info.items()) {
    if (key == "file" || key == "type") continue;
    std::string text;
    if (value.is_object())
      for (const auto& [name, part] : value.items())
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, value_text(part));
    std::string label = key;
    std::ranges::replace(label, '_', ' ');
    out += fmt::format("  {:<13} {}\n", label, value.is_object() ? text : value_text(value));
  }
  return out;
}

}  // namespace xalign::cli
