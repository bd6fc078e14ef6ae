#include "io/vector_formats.h"

#include "core/names.h"
#include "io/compression.h"
#include "io/fasttext_bin.h"
#include "io/floret.h"
#include "io/npy.h"
#include "io/safetensors.h"
#include "io/store_format.h"
#include "io/text_vectors.h"
#include "io/word2vec_bin.h"

#include <xalign/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

namespace xalign {
namespace {

constexpr std::array<std::string_view, 2> kVecExtensions = {".vec", ".w2v"};
constexpr std::array<std::string_view, 2> kGloveExtensions = {".txt", ".glove"};
constexpr std::array<std::string_view, 1> kBinExtensions = {".bin"};

constexpr std::array<std::string_view, 1> kNpyExtensions = {".npy"};
constexpr std::array<std::string_view, 1> kSafetensorsExtensions = {".safetensors"};

constexpr std::array<std::string_view, 1> kXvecExtensions = {".xvec"};

constexpr std::array kFormats = {
    VectorFormatEntry{VectorFormat::npy, "npy", kNpyExtensions, is_npy, open_npy, create_npy},
    VectorFormatEntry{VectorFormat::safetensors, "safetensors", kSafetensorsExtensions,
                      is_safetensors, open_safetensors, create_safetensors},
    VectorFormatEntry{VectorFormat::xvec, "xvec", kXvecExtensions, is_xvec, open_xvec, create_xvec},
    VectorFormatEntry{VectorFormat::floret, "floret", {}, is_floret, open_floret, nullptr},
    VectorFormatEntry{VectorFormat::fasttext_bin,
                      "fasttext-bin",
                      {},
                      is_fasttext_bin,
                      open_fasttext_bin,
                      create_fasttext_bin},
    VectorFormatEntry{VectorFormat::word2vec_bin, "word2vec-bin", kBinExtensions, is_word2vec_bin,
                      open_word2vec_bin, create_word2vec_bin},
    VectorFormatEntry{VectorFormat::vec, "vec", kVecExtensions, is_vec, open_text_vectors,
                      create_text_vectors},
    VectorFormatEntry{VectorFormat::glove, "glove", kGloveExtensions, is_glove, open_text_vectors,
                      create_text_vectors},
};

/// The names on the command line come in the order of the enumeration.
std::vector<std::string_view> names_of(bool (*wanted)(const VectorFormatEntry&)) {
  std::vector<const VectorFormatEntry*> entries;
  for (const VectorFormatEntry& entry : kFormats)
    if (wanted(entry)) entries.push_back(&entry);
  std::ranges::sort(entries, {}, &VectorFormatEntry::format);
  std::vector<std::string_view> names;
  for (const VectorFormatEntry* entry : entries) names.push_back(entry->name);
  return names;
}

/// ".vec" of "en.vec.gz"; empty where there is none.
std::string extension_of(const std::string& path) {
  return std::filesystem::path(without_compression_suffix(path)).extension().string();
}

}  // namespace

std::span<const VectorFormatEntry> vector_formats() {
  return kFormats;
}

const VectorFormatEntry& entry_of(VectorFormat format) {
  const auto found = std::ranges::find(kFormats, format, &VectorFormatEntry::format);
  if (found == kFormats.end())
    throw Error(ErrorKind::config, "format", "a format that is not supported here",
                list_names(readable_vector_formats()));
  return *found;
}

const VectorFormatEntry& recognise_format(ByteInput& input) {
  const auto found = std::ranges::find_if(
      kFormats, [&](const VectorFormatEntry& entry) { return entry.recognise(input); });
  return found == kFormats.end() ? kFormats.back() : *found;
}

const VectorFormatEntry& format_of_name(const std::string& path) {
  const std::string extension = extension_of(path);
  if (path == "-" || extension.empty()) return entry_of(VectorFormat::vec);
  std::vector<std::string_view> known;
  for (const VectorFormatEntry& entry : kFormats) {
    if (entry.create == nullptr) continue;
    for (const std::string_view name : entry.extensions) {
      if (name == extension) return entry;
      known.push_back(name);
    }
  }
  throw Error(ErrorKind::config, path, fmt::format("no format has the extension {}", extension),
              list_names(known), "rename the file, or name the format with --to");
}

std::string_view to_string(VectorFormat format) {
  if (format == VectorFormat::automatic) return "auto";
  return entry_of(format).name;
}

VectorFormat parse_vector_format(std::string_view name) {
  if (name == "auto") return VectorFormat::automatic;
  const auto found = std::ranges::find(kFormats, name, &VectorFormatEntry::name);
  if (found != kFormats.end()) return found->format;
  std::vector<std::string_view> names = readable_vector_formats();
  names.insert(names.begin(), "auto");
  throw Error(ErrorKind::config, "format", fmt::format("unknown format '{}'", name),
              list_names(names), did_you_mean(name, names));
}

std::vector<std::string_view> readable_vector_formats() {
  return names_of([](const VectorFormatEntry& entry) { return entry.open != nullptr; });
}

std::vector<std::string_view> writable_vector_formats() {
  return names_of([](const VectorFormatEntry& entry) { return entry.create != nullptr; });
}

}  // namespace xalign
