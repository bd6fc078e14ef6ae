#include "learn_watch.h"

#include "interrupt.h"
#include "options.h"
#include "output.h"

#include <xalign/error.h>

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>

namespace xalign::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kBetweenCheckpoints{5};

std::string text_of(const IterationRecord& record) {
  std::string text = fmt::format("{} {}: {}", record.iteration, record.step,
                                 counted(static_cast<std::uint64_t>(record.pairs), "pair"));
  if (record.objective != 0) text += fmt::format(", objective {:.4f}", record.objective);
  if (record.consistency) text += fmt::format(", consistency {:.3f}", *record.consistency);
  if (record.held_out) text += fmt::format(", held-out {}", percent(*record.held_out, 1));
  return text;
}

std::string json_of(const IterationRecord& record) {
  Json json = {{"iteration", record.iteration},
               {"step", record.step},
               {"seconds", rounded(record.seconds)},
               {"pairs", record.pairs},
               {"objective", rounded(record.objective)}};
  if (record.consistency) json["consistency"] = rounded(*record.consistency);
  if (record.held_out) json["held_out"] = rounded(*record.held_out);
  return json.dump() + "\n";
}

/// A file that grows while the run goes on.
class LogFile {
 public:
  explicit LogFile(const std::string& path) : path_(path) {
    if (!path_.empty()) file_.open(path_);
    check();
  }
  void add(const std::string& line) {
    if (path_.empty()) return;
    file_ << line << std::flush;
    check();
  }

 private:
  void check() const {
    if (!path_.empty() && !file_)
      throw Error(ErrorKind::io, path_, "cannot be written", "a file for the log");
  }

  std::string path_;
  std::ofstream file_;
};

}  // namespace

void add_learn_watch_options(CLI::App& app, LearnWatchOptions& options) {
  add_real(
      app, "--time-limit", 0, 1e9, [&options](double s) { options.time_limit = s; },
      "Seconds after which learning ends with the mapping so far, which is judged all the same but "
      "gets no reranker; 0 = none (default 0)");
  add_text(app, "--checkpoint", options.checkpoint, "FILE",
           "Keep the state of the run there, a mapping in itself: after Ctrl-C or --time-limit the "
           "same command goes on from it. Removed when the run is complete");
  add_text(app, "--log", options.log, "FILE", "Write a JSON line for every iteration");
}

LearnResult LearnWatch::run(LearnOptions& learn, const std::function<LearnResult()>& run) {
  LogFile log(options_.log);
  learn.time_limit = options_.time_limit;
  learn.log_consistency = !options_.log.empty();
  std::optional<Checkpoint> before, latest;
  bool told = false;
  learn.log = [&](const IterationRecord& record) {
    if (before && !told)
      session_.terminal.info(
          fmt::format("{}: going on at iteration {}", options_.checkpoint, record.iteration));
    told = true;
    session_.terminal.info(text_of(record));
    log.add(json_of(record));
  };
  if (options_.checkpoint.empty()) return run();

  if (std::filesystem::exists(options_.checkpoint)) {
    before = read_checkpoint(options_.checkpoint);
    learn.resume = &*before;
    for (const IterationRecord& record : before->iterations) log.add(json_of(record));
  }
  auto written = Clock::now();
  learn.checkpoint = [&](const Checkpoint& point) {
    latest = point;
    if (Clock::now() - written < kBetweenCheckpoints) return;
    write_checkpoint(options_.checkpoint, point);
    written = Clock::now();
  };
  // A signal then waits for the next look at the progress.
  const OutputGuard guard;
  try {
    LearnResult result = run();
    if (!result.mapping.learning.complete && latest)
      write_checkpoint(options_.checkpoint, *latest);
    else if (result.mapping.learning.complete)
      std::filesystem::remove(options_.checkpoint);
    return result;
  } catch (const Interrupted&) {
    if (latest) {
      write_checkpoint(options_.checkpoint, *latest);
      session_.terminal.warn(
          fmt::format("interrupted; the same command goes on from {}", options_.checkpoint));
    }
    throw;
  }
}

}  // namespace xalign::cli
