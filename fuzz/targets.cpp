#include "targets.h"

#include <xalign/error.h>
#include <xalign/lexicon_io.h>
#include <xalign/mapping_io.h>
#include <xalign/subword.h>
#include <xalign/vectors_io.h>

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace xalign::fuzz {
namespace {

/// A file in memory that has a name.
class MemoryFile {
 public:
  MemoryFile(const void* data, std::size_t size) : number_(::memfd_create("fuzz", MFD_CLOEXEC)) {
    if (number_ < 0 || ::write(number_, data, size) != static_cast<ssize_t>(size) ||
        ::lseek(number_, 0, SEEK_SET) != 0)
      std::abort();
  }
  ~MemoryFile() { ::close(number_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return fmt::format("/dev/fd/{}", number_); }

 private:
  int number_;
};

void require(bool condition) {
  if (!condition) std::abort();
}

/// Runs a reader; an Error of one line is as good as a result.
template <class Body>
void refuse_or(const Body& body) {
  try {
    body();
  } catch (const Error& error) {
    require(std::strchr(error.what(), '\n') == nullptr);
  }
}

/// All that can be seen of a file, or the message, read in blocks of that size.
std::string outcome(const std::string& path, ReadOptions options, std::size_t block_bytes) {
  options.block_bytes = block_bytes;
  try {
    const ReadResult read = read_vectors(path, options);
    require(read.embeddings.size() == read.embeddings.vectors.rows());
    require(read.embeddings.vectors.array().isFinite().all());
    return fmt::format("{} {}", read.report.rows, fingerprint(read.embeddings));
  } catch (const Error& error) {
    require(std::strchr(error.what(), '\n') == nullptr);
    return error.what();
  }
}

template <VectorFormat format>
void run_vectors(const std::uint8_t* data, std::size_t size) {
  const std::string names = "a\nb\nc\n";
  ReadOptions options;
  options.format = format;
  const MemoryFile words(names.data(), names.size());
  if (format == VectorFormat::floret) options.words_file = words.path();
  const MemoryFile whole(data, size);
  const std::string expected = outcome(whole.path(), options, std::size_t{1} << 20);
  if (format == VectorFormat::floret) return;  // the position in the words has moved
  const MemoryFile again(data, size);
  const std::string found = outcome(again.path(), options, 16);
  // Names of the files differ.
  require(expected.starts_with("/dev/") == found.starts_with("/dev/"));
  require(expected.starts_with("/dev/") || expected == found);
}

void run_subword(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  refuse_or([&] {
    const auto model = SubwordModel::open(file.path());
    for (const char* word : {"", "a", "</s>", "unseen", "\xff\x80"}) model->vector(word);
  });
}

void run_lexicon(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  refuse_or([&] { read_lexicon(file.path()); });
}

void run_mapping(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  refuse_or([&] { read_mapping(file.path()); });
}

constexpr std::array kTargets = {
    Target{"auto", run_vectors<VectorFormat::automatic>},
    Target{"vec", run_vectors<VectorFormat::vec>},
    Target{"glove", run_vectors<VectorFormat::glove>},
    Target{"word2vec-bin", run_vectors<VectorFormat::word2vec_bin>},
    Target{"fasttext-bin", run_vectors<VectorFormat::fasttext_bin>},
    Target{"npy", run_vectors<VectorFormat::npy>},
    Target{"safetensors", run_vectors<VectorFormat::safetensors>},
    Target{"floret", run_vectors<VectorFormat::floret>},
    Target{"xvec", run_vectors<VectorFormat::xvec>},
    Target{"subword", run_subword},
    Target{"lexicon", run_lexicon},
    Target{"mapping", run_mapping},
};

}  // namespace

std::span<const Target> targets() {
  return kTargets;
}

const Target* find_target(const char* name) {
  for (const Target& target : kTargets)
    if (std::strcmp(target.name, name) == 0) return &target;
  return nullptr;
}

}  // namespace xalign::fuzz
