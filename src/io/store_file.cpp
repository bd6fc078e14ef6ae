#include "io/store_file.h"

#include "core/hash.h"
#include "core/parallel_for.h"

#include <xalign/error.h>

#include <fmt/format.h>

#include <array>
#include <bit>
#include <charconv>
#include <cstring>

namespace xalign {
namespace {

static_assert(std::endian::native == std::endian::little, "blocks are used as they lie in memory");

constexpr std::string_view kMagic{"\x89XVEC\r\n\x1a", 8};
constexpr std::string_view kEndMagic{"XVECEND\n", 8};
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kPrefixBytes = 64;
constexpr std::size_t kTailBytes = 64;
constexpr std::size_t kPiece = std::size_t{1} << 20;

/// Offsets in the tail.
enum Tail : std::size_t {
  kHeaderOffset = 0,
  kHeaderBytes = 8,
  kFileBytes = 16,
  kHeaderHash = 24,
  kContentHash = 32,
  kTailHash = 48,
  kTailMagic = 56,
};

template <typename T>
T number_at(std::string_view bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

template <typename T>
void put(std::string& bytes, std::size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

std::uint64_t hash_of(std::string_view bytes) {
  return hash_bytes(bytes.data(), bytes.size());
}

std::uint64_t hash_of_pieces(const std::vector<std::uint64_t>& pieces) {
  return hash_bytes(pieces.data(), pieces.size() * sizeof(std::uint64_t));
}

std::uint64_t item_bytes(std::string_view type) {
  if (type == "u8" || type == "i8") return 1;
  if (type == "f16") return 2;
  if (type == "f32" || type == "u32") return 4;
  return type == "u64" ? 8 : 0;
}

}  // namespace

StoreFileWriter::StoreFileWriter(const std::string& path) : out_(path) {
  std::string prefix(kPrefixBytes, '\0');
  std::copy(kMagic.begin(), kMagic.end(), prefix.begin());
  put(prefix, 8, kVersion);
  write(prefix);
}

void StoreFileWriter::begin(std::string name, std::string_view type) {
  align();
  name_ = std::move(name);
  type_ = type;
  begin_ = position_;
}

void StoreFileWriter::append(std::string_view bytes) {
  write(bytes);
}

void StoreFileWriter::end(std::vector<std::uint64_t> shape, std::string hash) {
  StoreJson entry;
  entry["name"] = name_;
  entry["type"] = type_;
  entry["shape"] = std::move(shape);
  entry["offset"] = begin_;
  if (!hash.empty()) entry["hash"] = std::move(hash);
  table_.push_back(std::move(entry));
}

void StoreFileWriter::finish(StoreJson header) {
  header["blocks"] = table_;
  align();
  // Labels are bytes; JSON wants UTF-8.
  const std::string text = header.dump(1, ' ', false, StoreJson::error_handler_t::replace);
  const std::uint64_t header_offset = position_;
  write(text);
  align();
  if (!piece_.empty()) pieces_.push_back(hash_of(piece_));
  std::string tail(kTailBytes, '\0');
  put(tail, kHeaderOffset, header_offset);
  put(tail, kHeaderBytes, std::uint64_t{text.size()});
  put(tail, kFileBytes, position_ + kTailBytes);
  put(tail, kHeaderHash, hash_of(text));
  put(tail, kContentHash, hash_of_pieces(pieces_));
  put(tail, kTailHash, hash_bytes(tail.data(), kTailHash));
  std::copy(kEndMagic.begin(), kEndMagic.end(), tail.begin() + kTailMagic);
  out_.write(tail);
  out_.finish();
}

std::string StoreFileWriter::checksum(std::string_view bytes) {
  return fmt::format("{:016x}", hash_of(bytes));
}

void StoreFileWriter::write(std::string_view bytes) {
  out_.write(bytes);
  position_ += bytes.size();
  while (!bytes.empty()) {
    // Whole pieces are hashed where they are.
    if (piece_.empty() && bytes.size() >= kPiece) {
      pieces_.push_back(hash_of(bytes.substr(0, kPiece)));
      bytes.remove_prefix(kPiece);
      continue;
    }
    const std::size_t taken = std::min(kPiece - piece_.size(), bytes.size());
    piece_ += bytes.substr(0, taken);
    bytes.remove_prefix(taken);
    if (piece_.size() < kPiece) continue;
    pieces_.push_back(hash_of(piece_));
    piece_.clear();
  }
}

void StoreFileWriter::align() {
  write(std::string((kAlignment - position_ % kAlignment) % kAlignment, '\0'));
}

StoreFile::StoreFile(const std::string& path) : path_(path), file_(path) {
  const std::string_view bytes = file_.bytes();
  if (!is_store(bytes))
    throw Error(ErrorKind::data, path_, bytes.empty() ? "an empty file" : "not a store",
                "a .xvec file as 'xalign convert' writes it");
  const auto cut_short = [&](std::string_view expected) {
    throw Error(ErrorKind::data, path_,
                fmt::format("a store cut short or damaged at its end, at {} bytes", bytes.size()),
                expected, "copy or make it again");
  };
  if (bytes.size() < kPrefixBytes) cut_short({});
  if (const auto version = number_at<std::uint32_t>(bytes, 8); version > kVersion)
    throw Error(ErrorKind::data, path_, fmt::format("a store of format version {}", version),
                fmt::format("up to {}", kVersion), "use a later xalign, or make it again");
  if (bytes.size() < kPrefixBytes + kTailBytes) cut_short({});
  const std::string_view tail = bytes.substr(bytes.size() - kTailBytes);
  if (tail.substr(kTailMagic) != kEndMagic) cut_short({});
  if (number_at<std::uint64_t>(tail, kTailHash) != hash_bytes(tail.data(), kTailHash))
    fail("a store with a damaged end (wrong checksum)");
  if (const auto whole = number_at<std::uint64_t>(tail, kFileBytes); whole != bytes.size())
    cut_short(fmt::format("{} bytes", whole));
  read_header();
}

void StoreFile::read_header() {
  const std::string_view bytes = file_.bytes();
  const std::string_view tail = bytes.substr(bytes.size() - kTailBytes);
  const auto offset = number_at<std::uint64_t>(tail, kHeaderOffset);
  const auto size = number_at<std::uint64_t>(tail, kHeaderBytes);
  const std::uint64_t room = bytes.size() - kTailBytes;
  if (offset > room || size > room - offset) fail("a store with a damaged header");
  const std::string_view text = bytes.substr(offset, size);
  if (hash_of(text) != number_at<std::uint64_t>(tail, kHeaderHash))
    fail("a store whose header has changed since it was written (wrong checksum)");
  try {
    header_ = StoreJson::parse(text);
    check_blocks();
  } catch (const StoreJson::exception&) {
    fail("a store with a damaged header");
  }
}

void StoreFile::check_blocks() const {
  for (const StoreJson& entry : header_.at("blocks")) {
    const Block found =
        block(entry.at("name").get<std::string>(), entry.at("type").get<std::string>());
    if (!entry.contains("hash")) continue;
    will_need(found);
    const auto text = entry.at("hash").get<std::string>();
    if (text != fmt::format("{:016x}", hash_bytes(found.data, found.bytes)))
      fail(fmt::format("a store whose {} have changed since it was written (wrong checksum)",
                       entry.at("name").get<std::string>()));
  }
}

bool StoreFile::has(std::string_view name) const {
  for (const StoreJson& entry : header_.at("blocks"))
    if (entry.at("name") == name) return true;
  return false;
}

StoreFile::Block StoreFile::block(std::string_view name, std::string_view type) const {
  for (const StoreJson& entry : header_.at("blocks")) {
    if (entry.at("name") != name) continue;
    const std::uint64_t item = item_bytes(type);
    if (item == 0 || entry.at("type") != type)
      fail(fmt::format("a store with {} of another type", name));
    Block found;
    const std::uint64_t offset = to_unsigned(entry.at("offset"));
    const std::uint64_t end = file_.bytes().size() - kTailBytes;
    if (offset > end || offset % kAlignment != 0)
      fail(fmt::format("a store without room for its {}", name));
    // Divides instead of multiplying: products could overflow.
    std::uint64_t room = (end - offset) / item;
    found.bytes = item;
    for (const StoreJson& extent : entry.at("shape")) {
      const std::uint64_t count = to_unsigned(extent);
      if (count > room) fail(fmt::format("a store without room for its {}", name));
      room /= std::max<std::uint64_t>(count, 1);
      found.bytes *= count;
      found.shape.push_back(count);
    }
    found.data = file_.bytes().data() + offset;
    return found;
  }
  fail(fmt::format("a store without {}", name));
}

void StoreFile::verify() const {
  const std::string_view bytes = file_.bytes();
  const Blocks pieces{bytes.size() - kTailBytes, kPiece};
  std::vector<std::uint64_t> hashes(pieces.count());
  parallel_for(pieces.count(), [&](std::size_t i) {
    const std::string_view piece = bytes.substr(pieces.begin(i), pieces.length(i));
    hashes[i] = hash_of(piece);
    release(piece);
  });
  if (hash_of_pieces(hashes) !=
      number_at<std::uint64_t>(bytes, bytes.size() - kTailBytes + kContentHash))
    fail("a store that has changed since it was written (wrong checksum)");
}

std::uint64_t StoreFile::to_unsigned(const StoreJson& value) const {
  // The JSON library would turn -1 and 0.5 into something else.
  if (!value.is_number_unsigned()) fail("a store with a damaged number");
  return value.get<std::uint64_t>();
}

void StoreFile::fail(std::string_view found) const {
  throw Error(ErrorKind::data, path_, found, "a .xvec file as it was written",
              "copy or make it again");
}

bool is_store(std::string_view start) {
  return start.substr(0, kMagic.size()) == kMagic;
}

}  // namespace xalign
