#include "io/pending_file.h"

#include <xalign/error.h>

#include <fmt/format.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>

namespace xalign {
namespace fs = std::filesystem;
namespace {

constexpr int kManyLinks = 40;  // as many as Linux follows
constexpr std::size_t kLongestStem = 200;
constexpr std::string_view kWritable = "a file that takes what is written";

}  // namespace

fs::path follow_links(fs::path path) {
  std::error_code ignored;
  for (int i = 0; i < kManyLinks && fs::is_symlink(path, ignored); ++i)
    path = path.parent_path() / fs::read_symlink(path, ignored);
  return path;
}

PendingFile::PendingFile(const std::string& path) : path_(path) {
  if (path.empty()) throw Error(ErrorKind::io, "output", "an empty file name", "a file name or -");
  if (const int inherited = inherited_descriptor(path, STDOUT_FILENO); inherited >= 0) {
    open_directly(::fcntl(inherited, F_DUPFD_CLOEXEC, 0));
    return;
  }
  target_ = follow_links(path);
  folder_ = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
  struct stat status = {};
  const bool exists = ::stat(target_.c_str(), &status) == 0;
  if (!exists) {
    if (errno == ENOTDIR) fail_to_open(errno);
    if (!target_.has_filename()) fail_to_open(EISDIR);
  } else if (S_ISDIR(status.st_mode)) {
    fail_to_open(EISDIR);
  } else if (!S_ISREG(status.st_mode)) {
    open_directly(::open(target_.c_str(), O_WRONLY | O_CLOEXEC));
    return;
  } else if (::access(target_.c_str(), W_OK) != 0) {
    fail_to_open(errno);  // renaming would get around the protection
  }
  open_beside();
  if (exists) {
    // The owner can be kept by the super-user only; for others the file becomes theirs. Some file
    // systems know neither owners nor permissions.
    if (::fchown(file_.get(), status.st_uid, status.st_gid) != 0) errno = 0;
    if (::fchmod(file_.get(), status.st_mode & 07777) != 0) errno = 0;
  }
}

PendingFile::~PendingFile() {
  if (!hidden_.empty()) ::unlink(hidden_.c_str());
}

void PendingFile::open_directly(int descriptor) {
  if (descriptor < 0) fail_to_open(errno);
  file_ = FileDescriptor(descriptor);
  direct_ = true;
}

void PendingFile::open_beside() {
  if (!open_nameless()) open_hidden();
}

bool PendingFile::open_nameless() {
#ifdef O_TMPFILE
  // A program that is killed leaves nothing behind. The name is given through /proc.
  if (::access("/proc/self/fd", X_OK) != 0) return false;
  file_ = FileDescriptor(::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666));
  return static_cast<bool>(file_);
#else
  return false;
#endif
}

void PendingFile::open_hidden() {
  do {
    hidden_ = next_hidden_name();
    file_ = FileDescriptor(::open(hidden_.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666));
  } while (!file_ && errno == EEXIST);
  if (file_) return;
  const int error = errno;
  hidden_.clear();
  fail_to_open(error);
}

fs::path PendingFile::next_hidden_name() const {
  static std::atomic<unsigned> count{0};
  return folder_ / fmt::format(".{}.{}-{}.tmp", target_.filename().string().substr(0, kLongestStem),
                               ::getpid(), count++);
}

void PendingFile::commit() {
  if (direct_) {
    // Some devices and network file systems tell only here that a write failed.
    if (::close(file_.release()) != 0)
      throw Error(ErrorKind::io, path_, "cannot write: " + system_message(errno), kWritable);
    return;
  }
  if (hidden_.empty()) {
    const std::string nameless = fmt::format("/proc/self/fd/{}", file_.get());
    fs::path name;
    int status = 0;
    do {
      name = next_hidden_name();
      status = ::linkat(AT_FDCWD, nameless.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW);
    } while (status != 0 && errno == EEXIST);
    if (status != 0)
      throw Error(ErrorKind::io, path_, "cannot put the file in place: " + system_message(errno));
    hidden_ = name;
  }
  if (::close(file_.release()) != 0)
    throw Error(ErrorKind::io, path_, "cannot write: " + system_message(errno), kWritable);
  if (std::rename(hidden_.c_str(), target_.c_str()) != 0)
    throw Error(ErrorKind::io, path_, "cannot put the file in place: " + system_message(errno));
  hidden_.clear();
}

void PendingFile::fail_to_open(int error) const {
  const std::string folder = folder_.string();
  switch (error) {
    case EISDIR:
      throw Error(ErrorKind::io, path_, "a directory", "a file to write", "name a file in it");
    case ENOENT:
      // Some file systems, /proc among them, say so of a folder in which nothing can be made.
      if (std::error_code ignored; fs::is_directory(folder_, ignored))
        throw Error(ErrorKind::io, path_,
                    fmt::format("no file can be made in {}: {}", folder, system_message(error)), {},
                    "write somewhere else");
      throw Error(ErrorKind::io, path_, fmt::format("the directory {} does not exist", folder), {},
                  "make it first");
    case EACCES:
    case EROFS:
      throw Error(ErrorKind::io, path_, "no permission to write here: " + system_message(error), {},
                  "write somewhere else or change the permissions");
    default:
      throw Error(ErrorKind::io, path_, "cannot be written: " + system_message(error));
  }
}

}  // namespace xalign
