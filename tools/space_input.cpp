#include "space_input.h"

#include "output.h"

#include <xalign/error.h>
#include <xalign/mapping_io.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace xalign::cli {
namespace {

constexpr std::uint64_t kSearchMemory = std::uint64_t{64} << 20;  // of the neighbour search

std::optional<Mapping> read_if_named(const std::string& map) {
  if (map.empty()) return std::nullopt;
  return read_mapping(map);
}

}  // namespace

SpaceInput::SpaceInput(const std::string& map, const std::string& source, const std::string& target,
                       const InputOptions& options, Session& session, Index default_max_vocab)
    : session_(session),
      map_path_(map),
      mapping_(read_if_named(map)),
      source_(source, options, session, default_max_vocab),
      target_(target, options, session, default_max_vocab) {
  if (mapping_) {
    check_side_dimension(map_path_, source, source_.info().dimension, mapping_->source,
                         mapping_->target);
    check_side_dimension(map_path_, target, target_.info().dimension, mapping_->target,
                         mapping_->source);
  } else if (source_.info().dimension != target_.info().dimension) {
    throw Error(ErrorKind::data, target, fmt::format("{} dimensions", target_.info().dimension),
                fmt::format("{} as in {}", source_.info().dimension, source),
                "give the mapping too, if these are original vectors: MAP SOURCE TARGET");
  }
}

RetrievalOptions SpaceInput::retrieval_options(RetrievalOptions options) const {
  if (!session_.given("--isf-beta") && mapping_ && mapping_->isf_beta > 0)
    options.isf_beta = mapping_->isf_beta;
  options.isa = session_.isa;
  options.progress = session_.terminal.progress();
  return options;
}

void SpaceInput::estimate_memory(int copies, std::uint64_t more) const {
  MemoryEstimate estimate;
  estimate.add(more);
  for (int copy = 0; copy < copies; ++copy) {
    estimate.add(source_);
    estimate.add(target_);
  }
  // Small searches hold their whole product.
  const std::uint64_t product = source_.expected_words() * target_.expected_words() * sizeof(float);
  estimate.add(product == 0 ? kSearchMemory : std::min(product, kSearchMemory));
  estimate.check(session_);
}

void SpaceInput::read() {
  source_vectors_ = source_.read();
  target_vectors_ = target_.read();
  if (mapping_) check_identities(map_path_, *mapping_);
}

Space SpaceInput::make_space() {
  if (!mapping_) return xalign::make_space(std::move(source_vectors_), std::move(target_vectors_));
  return xalign::make_space(*mapping_, std::move(source_vectors_), std::move(target_vectors_));
}

Space SpaceInput::copy_space(const std::string& map_path, const Mapping& mapping) const {
  check_side_dimension(map_path, source_.path(), source_.info().dimension, mapping.source,
                       mapping.target);
  check_side_dimension(map_path, target_.path(), target_.info().dimension, mapping.target,
                       mapping.source);
  check_identities(map_path, mapping);
  return xalign::make_space(mapping, source_vectors_, target_vectors_);
}

void SpaceInput::check_identities(const std::string& map_path, const Mapping& mapping) const {
  check_identity(identity_of(source_vectors_, source_), map_path, mapping.source, mapping.target,
                 session_);
  check_identity(identity_of(target_vectors_, target_), map_path, mapping.target, mapping.source,
                 session_);
}

VectorIdentity identity_of(const Embeddings& read, const VectorInput& input) {
  std::vector<Fingerprints> known{fingerprints(read)};
  if (input.info().fingerprints) known.push_back(*input.info().fingerprints);
  return {input.path(), read.size(), read.dimension(), std::move(known),
          [&read](Index words) { return fingerprint(read, words); }};
}

void check_identity(const VectorIdentity& vectors, const std::string& map_path, const SideMap& side,
                    const SideMap& other, Session& session) {
  const auto same = [&](const InputRecord& record) {
    if (record.dimension != vectors.dimension) return false;
    // The fingerprint of the head is that of all words where there are fewer.
    if (record.words < kHeadWords && record.words < vectors.words)
      return record.fingerprint == vectors.fingerprint_of_first(record.words);
    return std::ranges::any_of(vectors.fingerprints, [&](const Fingerprints& known) {
      return record.words == vectors.words ? record.fingerprint == known.all
                                           : record.head_fingerprint == known.head;
    });
  };
  if (vectors.words < std::min(kHeadWords, side.input.words) &&
      vectors.dimension == side.input.dimension) {
    session.terminal.detail(fmt::format("{}: too few words to tell whether {} was learned on them",
                                        vectors.path, map_path));
  } else if (same(side.input)) {
    if (side.input.words != vectors.words)
      session.terminal.info(fmt::format(
          "{}: {} was learned on {} of {}, {} were read here", vectors.path, map_path,
          counted(static_cast<std::uint64_t>(side.input.words), "word"), printable(side.input.name),
          grouped(static_cast<std::uint64_t>(vectors.words))));
  } else if (same(other.input)) {
    session.terminal.warn(fmt::format(
        "{}: these are the vectors of the other side of {}; SOURCE and TARGET seem to be swapped",
        vectors.path, map_path));
  } else {
    session.terminal.warn(fmt::format(
        "{}: not the vectors that {} was learned on ({}); results are meaningless unless they "
        "come from the same training",
        vectors.path, map_path, printable(side.input.name)));
  }
}

void require_space(const Arguments& files) {
  if (files.size() < 2) {
    const bool mapping = files.size() == 1 && is_mapping_file(files[0]);
    throw Error(ErrorKind::config,
                files.size() == 0 ? "MAP"
                : mapping         ? "SOURCE"
                                  : "TARGET",
                "not given", "MAP SOURCE TARGET, or two vector files that share a space",
                "see --help");
  }
  if (files.size() != 2) files.require({"MAP", "SOURCE", "TARGET"});
  if (files.size() == 2 && is_mapping_file(files[0]))
    throw Error(ErrorKind::config, "TARGET", "not given", "MAP SOURCE TARGET",
                "a mapping needs the original vectors of both languages");
}

SpaceInput open_space(const InputOptions& options, Session& session) {
  const Arguments& files = session.arguments;
  if (files.size() == 2) return SpaceInput("", files[0], files[1], options, session);
  return SpaceInput(files[0], files[1], files[2], options, session);
}

void check_side_dimension(const std::string& map_path, const std::string& vectors_path,
                          Eigen::Index dimension, const SideMap& side, const SideMap& other) {
  if (dimension == side.matrix.rows()) return;
  throw Error(ErrorKind::data, vectors_path, fmt::format("{} dimensions", dimension),
              fmt::format("{} as on this side of {}, learned on {}", side.matrix.rows(), map_path,
                          side.input.name),
              dimension == other.matrix.rows()
                  ? "it fits the other side: are the two exchanged?"
                  : "give the vectors that the mapping was learned on");
}

}  // namespace xalign::cli
