#include "io/text_input.h"

#include "io/output_file.h"
#include "support/catch.hpp"
#include "support/temporary_folder.h"

#include <xalign/error.h>
#include <xalign/random.h>

#include <sys/stat.h>
#include <thread>
#include <vector>

using Catch::Contains;
using xalign::Error;
using xalign::TextInput;
using xalign::test::read_bytes;
using xalign::test::TemporaryFolder;

namespace {

const std::vector<std::string> kSuffixes = {"", ".gz", ".bz2", ".xz", ".zst"};

std::string random_text(std::uint64_t seed, int lines) {
  xalign::Random random(seed);
  std::string text;
  for (int i = 0; i < lines; ++i) {
    const std::uint64_t length = random.below(i % 50 == 0 ? 5000 : 20);
    for (std::uint64_t j = 0; j < length; ++j)
      text += static_cast<char>('a' + static_cast<char>(random.below(26)));
    text += '\n';
  }
  return text + "no line end";
}

std::string write(const TemporaryFolder& folder, const std::string& name, std::string_view text) {
  xalign::OutputFile file(folder / name);
  file.write(text);
  file.close();
  return folder / name;
}

/// All text, in pieces; checks that these are whole lines.
std::string read_in_pieces(const std::string& path, std::size_t bytes) {
  const auto input = TextInput::open(path);
  std::string text;
  for (;;) {
    const std::string_view piece = input->next_lines(bytes);
    if (piece.empty()) return text;
    REQUIRE((text.empty() || text.back() == '\n'));
    text += piece;
  }
}

std::string message_of(const std::string& path) {
  try {
    TextInput::open(path)->rest();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("pieces of any size are whole lines and make the file") {
  const TemporaryFolder folder;
  const std::string text = random_text(1, 300);
  for (const std::string& suffix : kSuffixes) {
    const std::string path = write(folder, "text" + suffix, text);
    for (const std::size_t bytes : {1, 2, 7, 100, 4096, 1 << 20})
      REQUIRE(read_in_pieces(path, bytes) == text);
  }
}

TEST_CASE("compression is recognised by content") {
  const TemporaryFolder folder;
  const std::vector<std::string> names = {"", "gzip", "bzip2", "xz", "zstd"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string path = write(folder, "text" + kSuffixes[i], "some text\n");
    std::filesystem::rename(path, folder / "named.txt");
    const auto input = TextInput::open(folder / "named.txt");
    REQUIRE(input->compression() == names[i]);
    REQUIRE(input->rest() == "some text\n");
    REQUIRE(input->bytes_read() == input->file_bytes());
  }
}

TEST_CASE("joined compressed files are read as one") {
  const TemporaryFolder folder;
  for (const char* suffix : {".gz", ".bz2", ".xz", ".zst"}) {
    const std::string a = read_bytes(write(folder, std::string("a") + suffix, "one\n"));
    const std::string b = read_bytes(write(folder, std::string("b") + suffix, "two\n"));
    REQUIRE(TextInput::open(folder.file("both", a + b))->rest() == "one\ntwo\n");
  }
}

TEST_CASE("a compressed file cut anywhere is refused") {
  const TemporaryFolder folder;
  const std::string text = random_text(2, 200);
  for (const char* suffix : {".gz", ".bz2", ".xz", ".zst"}) {
    const std::string bytes = read_bytes(write(folder, std::string("all") + suffix, text));
    for (const std::size_t cut : {bytes.size() - 1, bytes.size() - 5, bytes.size() / 2,
                                  bytes.size() / 10, std::size_t{12}}) {
      INFO(suffix << " cut to " << cut << " of " << bytes.size());
      REQUIRE_THAT(message_of(folder.file("cut", bytes.substr(0, cut))),
                   Contains("cut") && Contains("get the file again"));
    }
  }
}

TEST_CASE("other bytes after a compressed stream are refused") {
  const TemporaryFolder folder;
  for (const char* suffix : {".gz", ".bz2", ".xz", ".zst"}) {
    INFO(suffix);
    const std::string bytes = read_bytes(write(folder, std::string("all") + suffix, "text\n"));
    REQUIRE_THAT(message_of(folder.file("more", bytes + "garbage that is not compressed")),
                 Contains("more: "));
    REQUIRE(message_of(folder.file("more", bytes + "garbage that is not compressed")) !=
            "no error");
  }
}

TEST_CASE("any bit of a gzip file that has changed is noticed") {
  const TemporaryFolder folder;
  const std::string text = random_text(4, 40);
  const std::string bytes = read_bytes(write(folder, "all.gz", text));
  // The time stamp and what follows it do not matter.
  for (std::size_t at = 0; at < bytes.size(); at += at == 3 ? 7 : 1) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
    INFO("byte " << at << " of " << bytes.size());
    // Only the last bits before the checksum may be spare.
    const std::string path = folder.file("changed", changed);
    if (message_of(path) == "no error") REQUIRE(TextInput::open(path)->rest() == text);
  }
}

TEST_CASE("zero bytes after a gzip file are padding") {
  const TemporaryFolder folder;
  const std::string bytes = read_bytes(write(folder, "all.gz", "text\n"));
  const std::string zeros(600'000, '\0');
  REQUIRE(TextInput::open(folder.file("padded", bytes + zeros))->rest() == "text\n");
  REQUIRE(TextInput::open(folder.file("padded", bytes + zeros + bytes))->rest() == "text\ntext\n");
  REQUIRE_THAT(message_of(folder.file("padded", bytes + zeros + "x")), Contains("other bytes"));
}

TEST_CASE("a damaged stream does not end at the damage for who goes on reading") {
  const TemporaryFolder folder;
  const std::string bytes = read_bytes(write(folder, "all.gz", "text\n"));
  for (const std::string& damaged : {bytes + "x", bytes + bytes.substr(0, 5)}) {
    const auto input = TextInput::open(folder.file("damaged", damaged));
    for (int i = 0; i < 3; ++i) REQUIRE_THROWS_AS(input->next_lines(100), Error);
  }
}

TEST_CASE("a pipe is read to its end") {
  const TemporaryFolder folder;
  const std::string pipe = folder / "pipe", text = random_text(3, 2000);
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const std::string& suffix : kSuffixes) {
    const std::string bytes = read_bytes(write(folder, "text" + suffix, text));
    std::thread writer([&] { std::ofstream(pipe, std::ios::binary) << bytes; });
    const std::string read = TextInput::open(pipe)->rest();
    writer.join();
    REQUIRE(read == text);
  }
}

TEST_CASE("a byte order mark is skipped, other encodings and formats are named") {
  const TemporaryFolder folder;
  using namespace std::string_literals;
  REQUIRE(TextInput::open(folder.file("f", "\xef\xbb\xbfword"))->rest() == "word");
  REQUIRE(TextInput::open(folder.file("f", "\xef\xbb\xbf"))->rest().empty());
  REQUIRE_THAT(message_of(folder.file("f",
                                      "\xff\xfe"
                                      "a\0"s)),
               Contains("UTF-16"));
  REQUIRE_THAT(message_of(folder.file("f", "\xff\xfe\0\0a\0\0\0"s)), Contains("UTF-32"));
  REQUIRE_THAT(message_of(folder.file("f", "PK\x03\x04 and so on")), Contains("zip"));
  REQUIRE_THAT(message_of(folder.file("f", "\xba\x16\x4f\x2f\x0c\0\0\0"s)), Contains("fastText"));
}

TEST_CASE("a file that looks binary is refused where text is wanted") {
  const TemporaryFolder folder;
  using namespace std::string_literals;
  for (const std::string& bytes : {"one\ntwo\0\n"s, "\0"s, "3 4\nword \x9a\x01\xff\xfe\n"s,
                                   "\x89XMAP\r\n\x1a\1"s, "\x89XVEC\r\n"s}) {
    const std::string message = message_of(folder.file("f", bytes));
    CHECK_THAT(message, Contains("f: what looks like a binary file"));
    CHECK_THAT(message, Contains("is this the right file?"));
  }
  // Text in another encoding is text, and so are crawled words with a control character.
  for (const std::string& text : {"caf\xe9\n"s, "a\x01\x62\tb\x1b\n"s, "caf\xc3\xa9\x02\n"s})
    CHECK(message_of(folder.file("f", text)) == "no error");
  // However the beginning that is looked at ends: here within a character.
  for (const std::size_t before : {65534, 65535, 65536}) {
    const std::string text = "\x02" + std::string(before - 1, 'a') + "\xc3\xa9\n";
    CHECK(message_of(folder.file("f", text)) == "no error");
  }
  // Vector files come as bytes: their readers know better.
  const std::string path = folder.file("f", "word \0 1\n"s);
  CHECK(TextInput(xalign::ByteInput::open(path)).rest() == "word \0 1\n"s);
}

TEST_CASE("what cannot be opened is told") {
  const TemporaryFolder folder;
  REQUIRE_THAT(message_of(folder / "absent"), Contains("absent: no such file"));
  REQUIRE_THAT(message_of(folder / ""), Contains("a directory"));
  REQUIRE_THAT(message_of(""), Contains("empty file name"));
  REQUIRE(message_of(folder.file("empty", "")) == "no error");
}

TEST_CASE("a word may begin like a compressed file") {
  const TemporaryFolder folder;
  for (const std::string text : {"BZh 1\n", "BZh9 1\n", "BZhe 1\n"})
    REQUIRE(TextInput::open(folder.file("f", text))->rest() == text);
}
