#include "file_info.h"

#include "inputs.h"
#include "io/vector_formats.h"
#include "io/vector_lines.h"
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

constexpr std::size_t kLook = std::size_t{1} << 16;
// A line of a dictionary has two at most, for the target word and a weight.
constexpr std::ptrdiff_t kRowNumbers = 3;

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

Json vectors_info(const std::string& path, const std::string& shown, const InputOptions& options,
                  Session& session) {
  VectorInput input(path, options, session, 0, shown);
  MemoryEstimate memory;
  memory.add_streamed(input);
  memory.add(input.expected_words() * sizeof(float));  // lengths
  memory.check(session);
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

bool is_whole_number(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// A whole number and another one are no pair of words, but rows and dimension.
bool is_header(std::string_view first, std::string_view second) {
  return is_whole_number(first) && is_whole_number(second) && first != second;
}

/// Numbers, the last of which may be cut.
bool is_numbers(std::string_view text) {
  return text.find_first_of("+-.0123456789") == 0 &&
         text.find_first_not_of("+-.0123456789eE ") == std::string_view::npos;
}

/// Whether most entries can be meant as pairs of words. What is left of damaged vectors can be read
/// as a dictionary: their header, and words with the beginning of a row.
bool is_sensible(const Lexicon& lexicon) {
  const bool header = is_header(lexicon.front().source, lexicon.front().target);
  const auto pairs = std::ranges::count_if(lexicon, [&](const LexiconEntry& entry) {
    return !is_numbers(entry.target) || entry.source == entry.target ||
           (!header && is_whole_number(entry.target));
  });
  return 2 * static_cast<std::size_t>(pairs) > lexicon.size();
}

/// Whether what is neither vectors nor a dictionary is rather bad vectors: binary, or with a header
/// or a row that no dictionary has.
bool looks_like_vectors(const std::string& path) {
  const auto input = ByteInput::open(path);
  const VectorFormat format = recognise_format(*input).format;
  if (format != VectorFormat::vec && format != VectorFormat::glove) return true;
  std::string_view lines = input->peek(kLook).substr(0, kLook);
  const std::string_view first = trim_line(lines.substr(0, lines.find('\n')));
  const std::string_view word = first.substr(0, first.find_first_of(" \t"));
  if (word.size() < first.size() && is_header(word, first.substr(word.size() + 1))) return true;
  while (!lines.empty())
    if (count_numbers(take_line(lines)) >= kRowNumbers) return true;
  return false;
}

Json file_info(const std::string& path, const std::string& shown, const InputOptions& options,
               Session& session) {
  if (is_mapping_file(path)) return mapping_info(path, shown);
  try {
    return vectors_info(path, shown, options, session);
  } catch (const Error& not_vectors) {
    if (not_vectors.kind() != ErrorKind::data || options.format != VectorFormat::automatic) throw;
    std::optional<LexiconReadResult> dictionary;
    try {
      dictionary = read_lexicon(path, {.strict = options.strict});
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::data && error.what() != std::string_view(not_vectors.what()) &&
          !looks_like_vectors(path))
        throw Error(
            ErrorKind::data, path, "not recognised", "vectors, a mapping or a dictionary",
            fmt::format("as vectors: {} - as a dictionary: {}", not_vectors.what(), error.what()));
    }
    if (!dictionary || !is_sensible(dictionary->lexicon)) throw;
    return dictionary_info(shown, *dictionary);
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
