#include "commands.h"
#include "interrupt.h"
#include "io/compression.h"
#include "output.h"
#include "space_input.h"

#include <xalign/aligned_model.h>
#include <xalign/error.h>
#include <xalign/mapping_io.h>

#include <fmt/format.h>

#include <filesystem>
#include <optional>

namespace xalign::cli {
namespace {

struct ApplyOptions {
  InputOptions input;
  std::optional<Side> side;
  std::string output;
  WriteOptions write;
};

void define(CLI::App& app, ApplyOptions& o) {
  add_choice(
      app, "--side", {"source", "target"}, [&o](std::size_t i) { o.side = static_cast<Side>(i); },
      "The side of the mapping that the vectors are of");
  add_output_option(app, o.output, "Vectors to write");
  add_write_options(app, o.write);
  add_input_options(app, o.input);
}

/// A model stays one where the format or the name asks for it: its rows are mapped instead of its
/// words.
bool wants_model(const ApplyOptions& o, const VectorFileInfo& info) {
  if (info.format != VectorFormat::fasttext_bin) return false;
  if (o.write.format != VectorFormat::automatic)
    return o.write.format == VectorFormat::fasttext_bin;
  return std::filesystem::path(without_compression_suffix(o.output)).extension() == ".bin";
}

void write_model(const ApplyOptions& o, const SideMap& side, const std::string& model,
                 Session& session) {
  if (model == "-")
    throw Error(ErrorKind::data, "standard input", "a model, which can be read once only",
                "a file, which is read for its words and for its rows", "write it to a file first");
  session.warn_without_effect({"--max-vocab", "--vocab", "--min-count", "--script"},
                              "on a model, which is written whole");
  const OutputGuard guard;
  write_aligned_model(side, model, o.output, session.terminal.progress());
  session.terminal.info(
      find_model_fit(side) == ModelFit::exact
          ? fmt::format("{}: a fastText model; its vectors are exact, of unseen words too",
                        o.output)
          : fmt::format(
                "{}: a fastText model; directions (cosines) are exact, lengths are not those "
                "of vectors mapped after look-up",
                o.output));
}

int run(const ApplyOptions& o, Session& session) {
  session.arguments.require({"MAP", "IN"});
  check_single_stdin(session.arguments.values, session);
  if (!o.side)
    throw Error(ErrorKind::config, "--side", "not given", "source or target",
                "say which side of the mapping the vectors are of");
  session.warn_without_effect({"--seed"}, "here");
  require_output("--output", o.output, "a file for the mapped vectors, or -");
  check_vector_outputs({o.output}, o.write, session);
  refuse_clashes({}, {o.output}, o.write, session);
  const Mapping mapping = read_mapping(session.arguments[0]);
  VectorInput input(session.arguments[1], o.input, session);
  const SideMap& side = mapping.side(*o.side);
  check_side_dimension(session.arguments[0], input.path(), input.info().dimension, side,
                       mapping.side(*o.side == Side::source ? Side::target : Side::source));
  MemoryEstimate memory;
  memory.add_streamed(input);
  memory.check(session);
  if (wants_model(o, input.info()))
    return write_model(o, side, session.arguments[1], session), kDone;

  const OutputGuard guard;
  WriteOptions write = o.write;
  write.expected_rows = input.promised_words();
  if (input.info().store) {
    write.store.labels = input.info().store->labels;
    write.store.labels.normalization.clear();
  }
  write.progress = [](const ProgressEvent&) { check_interrupt(); };
  VectorWriter writer(o.output, mapping.dimension(), write);
  for (Embeddings batch; input.next(batch); batch = {}) {
    side.apply_in_place(batch.vectors);
    writer.write(batch.words, batch.vectors);
  }
  refuse_shortened_words(o.output, session.arguments[1], input.report(), o.write, session);
  writer.close();
  return kDone;
}

}  // namespace

void add_apply(Program& program) {
  program.add<ApplyOptions>("apply", define, run);
}

}  // namespace xalign::cli
