#pragma once

#include "session.h"

#include <xalign/mapping.h>
#include <xalign/retrieval.h>
#include <xalign/row_blocks.h>
#include <xalign/store.h>

#include <optional>
#include <span>
#include <string>

namespace xalign::cli {

/// Two stores, and the mapping that brings them into one space unless they share one. Rows are read
/// and mapped when they are asked for.
class StorePair {
 public:
  /// @param map  empty for stores that share a space
  /// @throws Error(data) if the dimensions do not fit
  StorePair(const std::string& map, const std::string& source, const std::string& target,
            Session& session);

  const Store& store(Side side) const { return side == Side::source ? source_ : target_; }
  const std::optional<Mapping>& mapping() const { return mapping_; }

  /// Rows in the shared space, of length 1.
  Matrix place(Matrix rows, Side side) const;

  /// All rows of a side in the shared space, of length 1. Refers to this.
  RowBlocks rows(Side side) const;

  /// r of CSLS that the store of that side keeps, if it was taken over the very rows of the other
  /// side and as `options` ask for; else empty.
  std::span<const float> known_means(Side side, const RetrievalOptions& options) const;

 private:
  Store source_;
  Store target_;
  std::optional<Mapping> mapping_;
};

}  // namespace xalign::cli
