#include "commands.h"
#include "inputs.h"
#include "interrupt.h"
#include "output.h"
#include "word_list.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <optional>
#include <vector>

namespace xalign::cli {
namespace {

struct ConvertOptions {
  InputOptions input;
  WriteOptions write;
  std::string words;
  std::vector<std::string> labels;
};

void define(CLI::App& app, ConvertOptions& o) {
  add_write_options(app, o.write);
  add_text(app, "--words", o.words, "FILE",
           "Keep only the words of this file (one a line), in the order of the vector file");
  app.add_option("--label", o.labels,
                 "Label of a store: language, source, licence or normalization; may be repeated")
      ->type_name("NAME=TEXT")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  add_input_options(app, o.input);
}

/// Labels of the input, if it has any, and those that were given.
StoreLabels labels_of(const VectorFileInfo& input, const std::vector<std::string>& given) {
  StoreLabels labels;
  if (input.store) labels = input.store->labels;
  for (const std::string& label : given) {
    const std::size_t end = label.find('=');
    if (end == std::string::npos)
      throw Error(ErrorKind::config, "--label", fmt::format("'{}'", printable(label)), "NAME=TEXT");
    try {
      labels[label.substr(0, end)] = label.substr(end + 1);
    } catch (const Error&) {
      throw Error(ErrorKind::config, "--label", fmt::format("'{}'", printable(label)),
                  "language, source, licence or normalization before the =");
    }
  }
  return labels;
}

bool writes_store(const std::string& path, const WriteOptions& options) {
  return options.format == VectorFormat::xvec ||
         (options.format == VectorFormat::automatic && path.ends_with(".xvec"));
}

/// The rows whose words are wanted.
Embeddings selected(const Embeddings& batch, const Vocabulary& wanted) {
  Embeddings kept;
  std::vector<Index> rows;
  for (Index i = 0; i < batch.size(); ++i) {
    if (!wanted.find(batch.words[i])) continue;
    kept.words.insert(batch.words[i]);
    rows.push_back(i);
  }
  kept.vectors = batch.vectors(rows, Eigen::all);
  return kept;
}

void warn_of_missing(Index wanted, std::uint64_t found, const std::string& path, Session& session) {
  const auto missing = static_cast<std::uint64_t>(wanted) - found;
  if (missing > 0)
    session.terminal.warn(fmt::format("{}: {} of {} not found", path, grouped(missing),
                                      counted(static_cast<std::uint64_t>(wanted), "word")));
}

int run(const ConvertOptions& o, Session& session) {
  session.arguments.require({"IN", "OUT"});
  check_single_stdin({session.arguments[0], o.words});
  const std::string& output = session.arguments[1];
  session.warn_without_effect({"--seed"}, "here");
  check_vector_output(output, o.write, session);
  refuse_input_as_output(output, {session.arguments[0], o.words, o.input.vocab});
  std::optional<Vocabulary> wanted;
  if (!o.words.empty()) wanted = read_word_list(o.words);
  VectorInput input(session.arguments[0], o.input, session);
  MemoryEstimate memory;
  memory.add_streamed(input);
  memory.check(session);

  const OutputGuard guard;
  WriteOptions write = o.write;
  if (!writes_store(output, o.write))
    session.warn_without_effect({"--type", "--label"}, "unless a store is written");
  write.store.labels = labels_of(input.info(), o.labels);
  if (!wanted) write.expected_rows = input.promised_words();
  write.progress = [](const ProgressEvent&) { check_interrupt(); };
  VectorWriter writer(output, input.info().dimension, write);
  std::uint64_t written = 0;
  for (Embeddings batch; input.next(batch); batch = {}) {
    if (wanted) batch = selected(batch, *wanted);
    writer.write(batch.words, batch.vectors);
    written += static_cast<std::uint64_t>(batch.size());
  }
  if (wanted && written == 0)
    throw Error(
        ErrorKind::data, o.words,
        fmt::format("none of its {} is in {}",
                    counted(static_cast<std::uint64_t>(wanted->size()), "word"), input.path()),
        "words of that file", "check the language and the spelling");
  writer.close();
  if (wanted) warn_of_missing(wanted->size(), written, o.words, session);
  return kDone;
}

}  // namespace

void add_convert(Program& program) {
  program.add<ConvertOptions>("convert", define, run);
}

}  // namespace xalign::cli
