#include "mapping/xmap_file.h"

#include "core/hash.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <bit>
#include <cstring>

namespace xalign {
namespace {

static_assert(std::endian::native == std::endian::little,
              "blocks are copied as they lie in memory");

constexpr std::string_view kMagic{"\x89XMAP\r\n\x1a", 8};
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kPrefixBytes = kXmapPrefixBytes;
// More than any mapping needs: two 16384 x 16384 matrices and the words of a large dictionary.
constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 32;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::size_t kAlignment = 64;

std::size_t aligned(std::size_t size) {
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

template <typename T>
void append(std::string& bytes, T value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename T>
T number_at(std::string_view bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

}  // namespace

void XmapWriter::add_block(std::string name, std::string_view type, Json shape, const void* data,
                           std::size_t bytes) {
  blocks_.resize(aligned(blocks_.size()), '\0');
  Json entry;
  entry["name"] = std::move(name);
  entry["type"] = type;
  entry["shape"] = std::move(shape);
  entry["offset"] = blocks_.size();
  table_.push_back(std::move(entry));
  blocks_.append(static_cast<const char*>(data), bytes);
}

void XmapWriter::add(std::string name, const Matrix& matrix) {
  add_block(std::move(name), "f32", Json::array({matrix.rows(), matrix.cols()}), matrix.data(),
            static_cast<std::size_t>(matrix.size()) * sizeof(float));
}

void XmapWriter::add(std::string name, const std::vector<std::uint64_t>& numbers) {
  add_block(std::move(name), "u64", Json::array({numbers.size()}), numbers.data(),
            numbers.size() * sizeof(std::uint64_t));
}

std::string XmapWriter::finish(Json header) const {
  header["blocks"] = table_;
  // File names are bytes; JSON wants UTF-8.
  const std::string text = header.dump(1, ' ', false, Json::error_handler_t::replace);
  const std::size_t blocks_begin = aligned(kPrefixBytes + text.size());
  std::string file(kMagic);
  append(file, kVersion);
  append(file, std::uint32_t{0});
  append(file, std::uint64_t{text.size()});
  append(file, std::uint64_t{blocks_begin + blocks_.size() + kChecksumBytes});
  file += text;
  file.resize(blocks_begin, '\0');
  file += blocks_;
  append(file, hash_bytes(file.data(), file.size()));
  return file;
}

std::uint64_t xmap_bytes_left(std::string_view content) {
  if (content.size() < kPrefixBytes) return 0;
  const auto whole = std::min(number_at<std::uint64_t>(content, 24), kLargestFile);
  return whole - std::min<std::uint64_t>(whole, content.size());
}

XmapReader::XmapReader(std::string path, std::string_view content) : path_(std::move(path)) {
  if (!is_xmap(content))
    throw Error(ErrorKind::data, path_, content.empty() ? "an empty file" : "not a mapping",
                "a .xmap file as 'xalign map' writes it", "give the mapping before the vectors");
  const auto cut_short = [&](std::uint64_t whole) {
    throw Error(ErrorKind::data, path_,
                fmt::format("a mapping cut short at {} bytes", content.size()),
                whole == 0 ? "" : fmt::format("{} bytes", whole), "copy or make it again");
  };
  if (content.size() < kPrefixBytes + kChecksumBytes) cut_short(0);
  const auto version = number_at<std::uint32_t>(content, 8);
  if (version > kVersion)
    throw Error(ErrorKind::data, path_, fmt::format("a mapping of format version {}", version),
                fmt::format("up to {}", kVersion), "use a later xalign, or make it again");
  const auto header_bytes = number_at<std::uint64_t>(content, 16);
  const auto file_bytes = number_at<std::uint64_t>(content, 24);
  if (file_bytes > content.size()) cut_short(file_bytes);
  if (file_bytes < content.size()) fail("a mapping with bytes after its end");
  const std::size_t end = content.size() - kChecksumBytes;
  if (number_at<std::uint64_t>(content, end) != hash_bytes(content.data(), end))
    fail("a mapping that has changed since it was written (wrong checksum)");
  if (version == 0 || header_bytes > end - kPrefixBytes) fail("a mapping with a damaged header");
  try {
    header_ = Json::parse(content.substr(kPrefixBytes, header_bytes));
  } catch (const Json::exception&) {
    fail("a mapping with a damaged header");
  }
  const std::size_t blocks_begin = std::min(aligned(kPrefixBytes + header_bytes), end);
  blocks_ = content.substr(blocks_begin, end - blocks_begin);
  check_blocks();
}

void XmapReader::check_blocks() const {
  // Blocks that overlap could make a small file fill the memory.
  std::uint64_t room = blocks_.size();
  try {
    for (const Json& entry : header_.at("blocks")) {
      std::uint64_t bytes = entry.at("type") == "f32" ? sizeof(float) : sizeof(std::uint64_t);
      for (const Json& extent : entry.at("shape")) {
        const std::uint64_t count = to_unsigned(extent);
        if (count > 0 && bytes > room / count) fail("a mapping without room for its blocks");
        bytes *= count;
      }
      room -= bytes;
    }
  } catch (const Json::exception&) {
    fail("a mapping with a damaged header");
  }
}

XmapReader::Block XmapReader::find(const std::string& name, std::string_view type,
                                   std::size_t item_bytes, std::size_t dimensions) const {
  for (const Json& entry : header_.at("blocks")) {
    if (entry.at("name") != name) continue;
    Block block{{}, nullptr};
    std::uint64_t room = blocks_.size() / item_bytes;
    for (const Json& extent : entry.at("shape")) {
      block.shape.push_back(to_unsigned(extent));
      // Divides instead of multiplying: products could overflow.
      if (block.shape.back() > room) fail(fmt::format("a mapping without room for {}", name));
      room /= std::max<std::uint64_t>(block.shape.back(), 1);
    }
    if (entry.at("type") != type || block.shape.size() != dimensions)
      fail(fmt::format("a mapping with {} of another type", name));
    std::uint64_t bytes = item_bytes;
    for (const std::uint64_t extent : block.shape) bytes *= extent;
    const std::uint64_t offset = to_unsigned(entry.at("offset"));
    if (offset > blocks_.size() || bytes > blocks_.size() - offset)
      fail(fmt::format("a mapping without room for {}", name));
    block.data = blocks_.data() + offset;
    return block;
  }
  fail(fmt::format("a mapping without {}", name));
}

Matrix XmapReader::matrix(const std::string& name) const {
  const Block block = find(name, "f32", sizeof(float), 2);
  Matrix matrix(static_cast<Eigen::Index>(block.shape[0]),
                static_cast<Eigen::Index>(block.shape[1]));
  if (matrix.size() > 0)
    std::memcpy(matrix.data(), block.data, static_cast<std::size_t>(matrix.size()) * sizeof(float));
  if (!matrix.allFinite()) fail(fmt::format("a mapping with {} that is not finite", name));
  return matrix;
}

std::vector<std::uint64_t> XmapReader::numbers(const std::string& name) const {
  const Block block = find(name, "u64", sizeof(std::uint64_t), 1);
  std::vector<std::uint64_t> numbers(block.shape[0]);
  if (!numbers.empty())
    std::memcpy(numbers.data(), block.data, numbers.size() * sizeof(std::uint64_t));
  return numbers;
}

std::uint64_t XmapReader::to_unsigned(const Json& value) const {
  // The JSON library would turn -1 and 0.5 into something else.
  if (!value.is_number_unsigned()) fail("a mapping with a damaged number");
  return value.get<std::uint64_t>();
}

void XmapReader::fail(std::string_view found) const {
  throw Error(ErrorKind::data, path_, found, "a .xmap file as it was written",
              "copy or make it again");
}

bool is_xmap(std::string_view start) {
  return start.substr(0, kMagic.size()) == kMagic;
}

}  // namespace xalign
