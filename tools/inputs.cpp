#include "inputs.h"

#include "interrupt.h"
#include "io/row_names.h"
#include "output.h"
#include "word_list.h"

#include <xalign/error.h>
#include <xalign/lexicon_io.h>
#include <xalign/text.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace xalign::cli {
namespace {

constexpr std::uint64_t kBytesPerWord = 32;                        // text, its end and its slot
constexpr std::uint64_t kWorkingMemory = std::uint64_t{48} << 20;  // text blocks, program

ReadOptions read_options(const InputOptions& options, Session& session, Index max_vocab) {
  ReadOptions read;
  read.format = options.format;
  read.strict = options.strict;
  read.words_file = options.words_file;
  read.tensor = options.tensor;
  if (!options.vocab.empty())
    read.vocabulary = std::make_shared<const Vocabulary>(read_word_list(options.vocab));
  read.min_count = options.min_count;
  read.script = options.script;
  read.max_vocab = max_vocab;
  read.progress = session.terminal.progress();
  return read;
}

std::string quoted_list(const std::vector<std::string>& words, Index total) {
  std::vector<std::string> shown;
  for (const std::string& word : words) shown.push_back(printable(word));
  return fmt::format("{}{}", fmt::join(shown, ", "),
                     static_cast<std::size_t>(total) > words.size() ? ", ..." : "");
}

std::string unknown_words(std::string_view side, Index count,
                          const std::vector<std::string>& examples) {
  if (count == 0) return {};
  return fmt::format("; {} unknown ({})",
                     counted(static_cast<std::uint64_t>(count), fmt::format("{} word", side)),
                     quoted_list(examples, count));
}

/// In the unit of the limit, and rounded away from each other, so that the need shown is a limit
/// that suffices.
[[noreturn]] void throw_above_limit(std::uint64_t needed, std::uint64_t limit, bool complete) {
  constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;
  throw Error(ErrorKind::io, "--memory",
              fmt::format("{} {} MiB needed", complete ? "about" : "at least",
                          grouped((needed + kMebibyte - 1) / kMebibyte)),
              limit < kMebibyte ? fmt::format("at most {}", counted(limit, "byte"))
                                : fmt::format("at most {} MiB", grouped(limit / kMebibyte)),
              "read fewer words with --max-vocab, or raise the limit");
}

// Worth a warning rather than a word in passing.
bool gains_much(const Coverage& coverage) {
  return coverage.lower_gain >= 10 && coverage.lower_gain * 20 >= coverage.entries;
}

}  // namespace

void check_single_stdin(std::vector<std::string> files, const Session& session) {
  for (const char* name : {"--vocab", "--words-file"})
    if (const CLI::Option* option = session.parser.get_option_no_throw(name); option != nullptr)
      for (const std::string& value : option->results()) files.push_back(value);
  if (std::ranges::count(files, "-") > 1)
    throw Error(ErrorKind::config, "-", "standard input named more than once", "at most once",
                "give the others as files");
}

std::string display_name(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

VectorInput::VectorInput(const std::string& path, const InputOptions& options, Session& session,
                         Index default_max_vocab, const std::string& shown_name)
    : path_(display_name(shown_name.empty() ? path : shown_name)),
      session_(session),
      max_vocab_(session.common.max_vocab.value_or(default_max_vocab)),
      selects_(!options.vocab.empty() || options.min_count > 0 || !options.script.empty()),
      reader_(VectorReader(path, read_options(options, session, max_vocab_))),
      info_(reader_->info()) {
  if (info().words_file.empty())
    session.warn_without_effect({"--words-file"}, fmt::format("on {}, which has words", path_));
  if (!options.words_file.empty() && info().words_file == options.words_file) {
    if (!session.listed_input.empty() && session.listed_input != path_)
      throw Error(ErrorKind::config, "--words-file",
                  fmt::format("for the rows of both {} and {}", session.listed_input, path_), "one",
                  "put the words of each beside it: " + words_path_beside("NAME"));
    session.listed_input = path_;
  }
  if (info().format != VectorFormat::safetensors)
    session.warn_without_effect({"--tensor"},
                                fmt::format("on {}, which is {}", path_, to_string(info().format)));
  session.terminal.detail(fmt::format("{}: {}{}, {} dimensions", path_, to_string(info().format),
                                      info().compression.empty() ? "" : ", " + info().compression,
                                      info().dimension));
}

std::uint64_t VectorInput::expected_words() const {
  const std::uint64_t rows = info().estimated_rows;
  if (max_vocab_ == 0) return rows;
  const auto wanted = static_cast<std::uint64_t>(max_vocab_);
  return rows == 0 ? wanted : std::min(rows, wanted);
}

std::optional<std::uint64_t> VectorInput::promised_words() const {
  if (!info().rows || selects_) return std::nullopt;
  return expected_words();
}

Embeddings VectorInput::read() {
  Embeddings embeddings = read_vectors(*reader_).embeddings;
  finish(static_cast<std::uint64_t>(embeddings.size()));
  return embeddings;
}

bool VectorInput::next(Embeddings& batch) {
  check_interrupt();
  const Index before = batch.size();
  if (!reader_) return false;
  const bool more = reader_->read(batch);
  words_ += static_cast<std::uint64_t>(batch.size() - before);
  if (!more) finish(words_);
  return more;
}

void VectorInput::finish(std::uint64_t words) {
  report_ = reader_->report();
  reader_.reset();
  const ReadReport& met = report_;
  if (words == 0 && met.left_out > 0)
    throw Error(ErrorKind::data, path_,
                fmt::format("none of its {} is selected", counted(met.left_out, "word")),
                "words that --vocab, --min-count and --script let through",
                "correct or leave out that option");
  std::string line = fmt::format("{}: {} x {}", path_, counted(words, "word"), info().dimension);
  if (!met.compression.empty()) line += ", " + met.compression;
  if (met.left_out > 0) line += fmt::format(", {} left out", counted(met.left_out, "row"));
  if (met.stopped_early) line += ", the rest left unread";
  if (met.duplicates > 0)
    line += fmt::format("; {} dropped (first '{}' at {})",
                        counted(static_cast<std::uint64_t>(met.duplicates), "duplicate"),
                        printable(met.first_duplicate), met.first_duplicate_place);
  if (met.zero_vectors > 0)
    line +=
        fmt::format("; {}", counted(static_cast<std::uint64_t>(met.zero_vectors), "zero vector"));
  session_.terminal.info(line);
  if (met.bad_utf8 > 0)
    session_.terminal.warn(fmt::format(
        "{}: {} not UTF-8, kept as bytes; use --strict to refuse such files",
        met.first_bad_utf8_place,
        met.bad_utf8 == 1
            ? "a word is"
            : fmt::format("{} words are", grouped(static_cast<std::uint64_t>(met.bad_utf8)))));
}

void MemoryEstimate::add(const VectorInput& input) {
  add_streamed(input);
  bytes_ +=
      input.expected_words() * static_cast<std::uint64_t>(input.info().dimension) * sizeof(float);
}

void MemoryEstimate::add_streamed(const VectorInput& input) {
  const std::uint64_t words = input.expected_words();
  complete_ = complete_ && words > 0;
  bytes_ += words * kBytesPerWord + input.info().held_bytes;
}

void MemoryEstimate::check(Session& session) const {
  const std::uint64_t total = bytes_ + kWorkingMemory;
  if (session.common.memory > 0 && total > session.common.memory)
    throw_above_limit(total, session.common.memory, complete_);
  session.terminal.info(
      fmt::format("memory: {} {} expected", complete_ ? "about" : "at least", byte_size(total)));
}

Dictionary read_dictionary(const DictionaryOptions& options, bool strict, Session& session) {
  if (options.files.empty())
    throw Error(ErrorKind::config, "--dictionary", "no dictionary given", "a file of word pairs",
                "give one with -d FILE");
  Dictionary dictionary;
  for (const std::string& file : options.files) {
    LexiconReadResult read =
        read_lexicon(file, {.strict = strict, .ignore_weights = options.ignore_weights});
    if (!dictionary.name.empty()) dictionary.name += '+';
    dictionary.name += display_name(file);
    session.terminal.detail(
        fmt::format("{}: {}", display_name(file), counted(read.lexicon.size(), "pair")));
    dictionary.weights = dictionary.weights || read.report.weights;
    if (read.report.bad_utf8 > 0)
      session.terminal.warn(fmt::format(
          "{}:{}: {} not UTF-8, kept as bytes; use --strict to refuse such files",
          display_name(file), read.report.first_bad_utf8,
          read.report.bad_utf8 == 1
              ? "a pair is"
              : fmt::format("{} pairs are",
                            grouped(static_cast<std::uint64_t>(read.report.bad_utf8)))));
    std::ranges::move(read.lexicon, std::back_inserter(dictionary.lexicon));
  }
  return dictionary;
}

void tell_of_weights(const Dictionary& dictionary, Session& session) {
  if (!dictionary.weights) return;
  const auto [low, high] =
      std::ranges::minmax_element(dictionary.lexicon, {}, &LexiconEntry::weight);
  session.terminal.info(
      fmt::format("{}: pairs have weights, from {} to {}; --ignore-weights leaves them unread",
                  dictionary.name, low->weight, high->weight));
}

IndexedLexicon cover(const Dictionary& dictionary, const Vocabulary& source,
                     const Vocabulary& target, CasePolicy policy, Session& session) {
  IndexedLexicon indexed = index_lexicon(dictionary.lexicon, source, target, policy);
  require_covered(indexed, dictionary.name);
  const Coverage& coverage = indexed.coverage;
  const Index different = coverage.entries - coverage.repeated;
  std::string line = fmt::format("{}: {} of {} covered ({})", dictionary.name,
                                 grouped(static_cast<std::uint64_t>(coverage.covered)),
                                 counted(static_cast<std::uint64_t>(different), "pair"),
                                 percent(coverage.covered, different));
  if (coverage.repeated > 0)
    line += fmt::format("; {} repeated", grouped(static_cast<std::uint64_t>(coverage.repeated)));
  line += unknown_words("source", coverage.oov_source, coverage.oov_source_examples);
  line += unknown_words("target", coverage.oov_target, coverage.oov_target_examples);
  session.terminal.info(line);
  if (coverage.lower_gain > 0) {
    const std::string gain =
        fmt::format("{}: --case lower would cover {} more", dictionary.name,
                    counted(static_cast<std::uint64_t>(coverage.lower_gain), "pair"));
    gains_much(coverage) ? session.terminal.warn(gain) : session.terminal.info(gain);
  }
  return indexed;
}

}  // namespace xalign::cli
