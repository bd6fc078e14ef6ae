#include "store_pair.h"

#include "space_input.h"
#include "store_input.h"

#include <xalign/error.h>
#include <xalign/mapping_io.h>
#include <xalign/normalize.h>

#include <fmt/format.h>

#include <utility>

namespace xalign::cli {
namespace {

void check(const std::string& map, const std::string& path, const Store& store, const SideMap& side,
           const SideMap& other, Session& session) {
  check_side_dimension(map, path, store.dimension(), side, other);
  check_identity({path,
                  store.size(),
                  store.dimension(),
                  {store.fingerprints(), store.kept_fingerprints()},
                  [&](Index words) {
                    Embeddings first;
                    first.vectors.resize(words, store.dimension());
                    store.read(0, first.vectors);
                    for (Index i = 0; i < words; ++i) first.words.insert(store[i]);
                    return fingerprint(first);
                  }},
                 map, side, other, session);
}

}  // namespace

StorePair::StorePair(const std::string& map, const std::string& source, const std::string& target,
                     Session& session)
    : source_(source), target_(target) {
  session.terminal.info(describe(source, source_));
  session.terminal.info(describe(target, target_));
  if (!map.empty()) {
    mapping_ = read_mapping(map);
    check(map, source, source_, mapping_->source, mapping_->target, session);
    check(map, target, target_, mapping_->target, mapping_->source, session);
  } else if (source_.dimension() != target_.dimension()) {
    throw Error(ErrorKind::data, target, fmt::format("{} dimensions", target_.dimension()),
                fmt::format("{} as in {}", source_.dimension(), source),
                "give the mapping too, if these are original vectors: MAP SOURCE TARGET");
  }
}

Matrix StorePair::place(Matrix rows, Side side) const {
  if (mapping_) mapping_->side(side).apply_in_place(rows);
  normalize_rows(rows);
  return rows;
}

RowBlocks StorePair::rows(Side side) const {
  if (!mapping_) return store(side).unit_rows();
  RowBlocks blocks{.rows = store(side).size(), .dimension = mapping_->dimension()};
  blocks.read = [this, side](Eigen::Index first, Rows out) {
    Matrix rows(out.rows(), store(side).dimension());
    store(side).read(static_cast<Index>(first), rows);
    out = place(std::move(rows), side);
  };
  return blocks;
}

std::span<const float> StorePair::known_means(Side side, const RetrievalOptions& options) const {
  const Side other = side == Side::source ? Side::target : Side::source;
  const auto known = store(side).neighborhood_means();
  if (mapping_ || !known || options.csls_vocab != 0 || known->k != options.csls_k ||
      known->with != store(other).kept_fingerprints().all)
    return {};
  return known->means;
}

}  // namespace xalign::cli
