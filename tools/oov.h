#pragma once

#include "session.h"

#include <xalign/store.h>
#include <xalign/subword.h>
#include <xalign/vectors_io.h>

#include <CLI/App.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace xalign::cli {

/// Where the vectors of words come from that a file does not have.
enum class Oov {
  none,
  subword,  ///< the n-grams of a fastText model or a floret table
  form,     ///< a model of spelling, learned on the file's own words
};

/// `--oov`.
void add_oov_option(CLI::App& app, Oov& oov);

/// @throws Error(data) for `subword` and a file without n-grams
void check_oov(Oov oov, const std::string& path, VectorFormat format, bool has_ngrams);

/// Bytes that `form` takes beside the vectors it learns from.
std::uint64_t form_memory(Oov oov, std::uint64_t words, Eigen::Index dimension);

using Guesser = std::function<std::unique_ptr<SubwordModel>()>;

/// Opens or learns a model when the first unknown word comes.
/// @param path  of the file, for `subword`
/// @param form  learns for `form`
Guesser guesser(Oov oov, const std::string& path, Guesser form);

/// The hook `make_up` of a Lookup; empty without a guesser.
/// @param place  brings vectors into the space that is searched
std::function<bool(std::string_view, Matrix&)> make_up_with(Guesser guesser,
                                                            std::function<void(Matrix&)> place);

std::unique_ptr<SubwordModel> learn_form(const Vocabulary& words, ConstRows vectors,
                                         Session& session);
/// @param place  brings its rows into the space that is searched
std::unique_ptr<SubwordModel> learn_form(const Store& store,
                                         const std::function<void(Matrix&)>& place,
                                         Session& session);

}  // namespace xalign::cli
