#pragma once

#include "inputs.h"

#include <xalign/mapping.h>
#include <xalign/translation.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace xalign::cli {

/// The positional arguments MAP SOURCE TARGET, or MAPPED_SOURCE MAPPED_TARGET: a mapping with the
/// original vectors, or two files that share a space already.
class SpaceInput {
 public:
  /// Reads the mapping and opens the vector files.
  /// @param map  empty for vectors that share a space
  /// @throws Error(data) if their dimensions do not fit
  SpaceInput(const std::string& map, const std::string& source, const std::string& target,
             const InputOptions& options, Session& session, Index default_max_vocab = 0);

  /// The fitted inverse temperature, unless the user gave one.
  RetrievalOptions retrieval_options(RetrievalOptions options) const;

  /// Reports what memory it will take.
  /// @param copies  of the vectors that are held at a time
  /// @param more  bytes beside them
  void estimate_memory(int copies = 1, std::uint64_t more = 0) const;
  /// Reads both files and warns if they are not those the mapping was learned on.
  void read();
  /// Brings what was read into the shared space.
  Space make_space();
  /// The same with another mapping, before `make_space`, in memory of its own. Warns, too, if the
  /// vectors are not those that it was learned on.
  /// @throws Error(data) if the mapping is not for such vectors
  Space copy_space(const std::string& map_path, const Mapping& mapping) const;

  const std::optional<Mapping>& mapping() const { return mapping_; }
  const Vocabulary& source_words() const { return source_vectors_.words; }
  const Vocabulary& target_words() const { return target_vectors_.words; }
  const VectorInput& source_input() const { return source_; }
  const VectorInput& target_input() const { return target_; }
  /// "en.vec, fr.vec", for messages about both.
  std::string paths() const { return source_.path() + ", " + target_.path(); }
  const std::string& source_path() const { return source_.path(); }
  const std::string& target_path() const { return target_.path(); }

 private:
  void check_identities(const std::string& map_path, const Mapping& mapping) const;
  Session& session_;
  std::string map_path_;
  std::optional<Mapping> mapping_;
  VectorInput source_;
  VectorInput target_;
  Embeddings source_vectors_;
  Embeddings target_vectors_;
};

/// What tells whether vectors are those that a mapping was learned on.
struct VectorIdentity {
  std::string path;
  Index words = 0;
  Eigen::Index dimension = 0;
  std::vector<Fingerprints> fingerprints;  ///< of the vectors, and as they were before rounding
  std::function<std::uint64_t(Index words)> fingerprint_of_first = {};
};

/// Those of vectors that were read whole; both must outlive it.
VectorIdentity identity_of(const Embeddings& read, const VectorInput& input);

/// Warns if they are not.
void check_identity(const VectorIdentity& vectors, const std::string& map_path, const SideMap& side,
                    const SideMap& other, Session& session);

/// Refuses arguments that are neither MAP SOURCE TARGET nor MAPPED_SOURCE MAPPED_TARGET.
/// @throws Error(config)
void require_space(const Arguments& files);
/// Opens them.
SpaceInput open_space(const InputOptions& options, Session& session);

/// @throws Error(data) if vectors of that dimension cannot be of that side
void check_side_dimension(const std::string& map_path, const std::string& vectors_path,
                          Eigen::Index dimension, const SideMap& side, const SideMap& other);

}  // namespace xalign::cli
