#pragma once

#include <xalign/progress.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spdlog {
class logger;
}

namespace xalign::cli {

enum class ColorChoice { automatic, always, never };
enum class Verbosity { quiet, normal, verbose };

/// Everything the program says beside its results: lines and progress on standard error.
///
/// Where standard error is not a terminal, lines wait until `release` says that the inputs were
/// found sound. A failure before that is then the first and only line, as scripts expect it.
class Terminal {
 public:
  Terminal();
  void configure(Verbosity verbosity, ColorChoice color);

  void detail(std::string_view line);  ///< with --verbose only
  void info(std::string_view line);    ///< not with --quiet
  void warn(std::string_view line);
  void error(std::string_view line);  ///< drops what still waits
  void release();                     ///< also takes the progress line away

  /// Shows a bar's worth of progress on a terminal, plain lines every few seconds elsewhere, and
  /// stops the run after Ctrl-C. The terminal must outlive it.
  Progress progress();

  bool verbose() const { return verbosity_ == Verbosity::verbose; }

 private:
  using Clock = std::chrono::steady_clock;
  enum class Level { detail, info, warning, error };

  void say(Level level, std::string_view text);
  void print(Level level, std::string_view text);
  void erase_progress();
  void show(const ProgressEvent& event);

  Verbosity verbosity_ = Verbosity::normal;
  bool terminal_;
  std::shared_ptr<spdlog::logger> log_;
  bool holding_;
  bool progress_visible_ = false;
  std::vector<std::pair<Level, std::string>> held_;
  std::string task_;
  Clock::time_point task_start_ = Clock::now();
  Clock::time_point last_shown_ = Clock::now();
};

}  // namespace xalign::cli
