#include "io/output_file.h"

#include "support/catch.hpp"
#include "support/temporary_folder.h"

#include <xalign/error.h>

#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;
using Catch::Contains;
using xalign::Error;
using xalign::OutputFile;
using xalign::test::read_bytes;
using xalign::test::TemporaryFolder;

namespace {

mode_t permissions(const std::string& path) {
  struct stat status = {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

void write_file(const std::string& path, std::string_view content) {
  OutputFile file(path);
  file.write(content);
  file.close();
}

}  // namespace

TEST_CASE("a file appears when it is complete") {
  const TemporaryFolder folder;
  const std::string path = folder / "out";
  OutputFile file(path);
  const std::string large(300'000, 'x');
  file.write("begin ");
  file.write(large);
  file.write(" end");
  REQUIRE_FALSE(fs::exists(path));
  file.close();
  REQUIRE(read_bytes(path) == "begin " + large + " end");
  REQUIRE(folder.file_count() == 1);
}

TEST_CASE("without close nothing changes") {
  const TemporaryFolder folder;
  const std::string kept = folder.file("kept", "before");
  for (const std::string& path : {kept, folder / "new", folder / "new.gz"}) {
    OutputFile file(path);
    file.write(std::string(200'000, 'x'));
  }
  REQUIRE(read_bytes(kept) == "before");
  REQUIRE(folder.file_count() == 1);
}

TEST_CASE("a replaced file keeps its permissions, a new one follows the mask") {
  const TemporaryFolder folder;
  const std::string path = folder.file("out", "before");
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  write_file(path, "after");
  REQUIRE(read_bytes(path) == "after");
  REQUIRE(permissions(path) == 0640);

  const mode_t mask = ::umask(027);
  write_file(folder / "new", "");
  ::umask(mask);
  REQUIRE(permissions(folder / "new") == 0640);
}

TEST_CASE("a symbolic link stays and its target is written") {
  const TemporaryFolder folder;
  fs::create_directory(folder / "sub");
  fs::create_symlink("sub/target", folder / "link");
  write_file(folder / "link", "one");  // the target does not exist yet
  write_file(folder / "link", "two");
  REQUIRE(fs::is_symlink(folder / "link"));
  REQUIRE(read_bytes(folder / "sub/target") == "two");
}

TEST_CASE("what cannot be written is told at once") {
  const TemporaryFolder folder;
  REQUIRE_THROWS_WITH(OutputFile(folder / "no/file"),
                      Contains("no/file: ") && Contains("does not exist") && Contains("make it"));
  REQUIRE_THROWS_WITH(OutputFile(folder / ""), Contains("a directory"));
  REQUIRE_THROWS_WITH(OutputFile(folder.file("file", "") + "/below"), Contains("Not a directory"));
  REQUIRE_THROWS_AS(OutputFile(""), Error);
  if (::geteuid() != 0) {
    const std::string path = folder.file("protected", "before");
    REQUIRE(::chmod(path.c_str(), 0444) == 0);
    REQUIRE_THROWS_WITH(OutputFile(path), Contains("no permission"));
  }
}

TEST_CASE("a full disk is an error with a remedy") {
  if (!fs::exists("/dev/full")) return;
  try {
    write_file("/dev/full", "text");
    FAIL("no error");
  } catch (const Error& error) {
    REQUIRE(error.kind() == xalign::ErrorKind::io);
    REQUIRE_THAT(error.what(), Contains("/dev/full: ") && Contains("free some space"));
  }
}

TEST_CASE("a reader that has gone away is not an error") {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  {
    OutputFile file("/dev/fd/" + std::to_string(ends[1]));
    file.write("text");
    REQUIRE_THROWS_AS(file.close(), xalign::ClosedPipe);
  }
  ::close(ends[1]);
  std::signal(SIGPIPE, before);
}

TEST_CASE("an inherited descriptor is continued, not started anew") {
  const TemporaryFolder folder;
  const std::string path = folder.file("log", "");
  std::FILE* log = std::fopen(path.c_str(), "a");
  std::fputs("first ", log);
  std::fflush(log);
  write_file("/dev/fd/" + std::to_string(::fileno(log)), "second");
  std::fclose(log);
  REQUIRE(read_bytes(path) == "first second");
}

TEST_CASE("compressed output is the same each time") {
  const TemporaryFolder folder;
  const std::string text(100'000, 'x');
  for (const char* suffix : {".gz", ".bz2", ".xz", ".zst"}) {
    write_file(folder / "a" + suffix, text);
    write_file(folder / "b" + suffix, text);
    REQUIRE(read_bytes(folder / "a" + suffix) == read_bytes(folder / "b" + suffix));
    REQUIRE(fs::file_size(folder / "a" + suffix) < 1000);
  }
}
