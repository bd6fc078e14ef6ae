#include "terminal.h"

#include "interrupt.h"

#include <xalign/text.h>

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace xalign::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kRedraw = 100ms;       // of the progress line on a terminal
constexpr auto kPlainEvery = 5000ms;  // between progress lines elsewhere

bool wants_color(ColorChoice choice, bool terminal) {
  if (choice != ColorChoice::automatic) return choice == ColorChoice::always;
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  return terminal && !dumb && (no_color == nullptr || *no_color == '\0');
}

std::string duration(double seconds) {
  const auto s = static_cast<long>(seconds + 0.5);
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
  return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
}

std::string rate(double per_second) {
  if (per_second < 1e4) return fmt::format("{:.0f}/s", per_second);
  if (per_second < 1e6) return fmt::format("{:.0f} k/s", per_second / 1e3);
  return fmt::format("{:.1f} M/s", per_second / 1e6);
}

std::string describe(const ProgressEvent& event, double seconds) {
  const auto done = static_cast<double>(event.done);
  const double speed = seconds > 0 ? done / seconds : 0;
  std::string text{event.task};
  if (event.total > 0) {
    const auto total = static_cast<double>(event.total);
    text += fmt::format(": {:.0f} %", 100 * done / total);
    if (speed > 0)
      text += fmt::format(", {}, {} left", rate(speed), duration((total - done) / speed));
  } else {
    text += fmt::format(": {}, {}", event.done, rate(speed));
  }
  return text;
}

/// The words in front of a message of each level.
class Label : public spdlog::custom_flag_formatter {
 public:
  explicit Label(bool color) : color_(color) {}

  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    if (message.level == spdlog::level::warn) append(out, "xalign: warning: ", "\033[33m");
    if (message.level == spdlog::level::err) append(out, "xalign: error: ", "\033[31m");
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<Label>(color_);
  }

 private:
  void append(spdlog::memory_buf_t& out, std::string_view text, std::string_view escape) const {
    const std::string label = color_ ? fmt::format("{}{}\033[0m", escape, text) : std::string(text);
    out.append(label.data(), label.data() + label.size());
  }

  bool color_;
};

std::unique_ptr<spdlog::formatter> line_formatter(bool color) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<Label>('*', color).set_pattern("%*%v");
  return formatter;
}

}  // namespace

Terminal::Terminal()
    : terminal_(isatty(STDERR_FILENO) == 1),
      log_(std::make_shared<spdlog::logger>("xalign",
                                            std::make_shared<spdlog::sinks::stderr_sink_st>())),
      holding_(!terminal_) {
  configure(Verbosity::normal, ColorChoice::automatic);
}

void Terminal::configure(Verbosity verbosity, ColorChoice color) {
  verbosity_ = verbosity;
  log_->set_level(verbosity == Verbosity::quiet    ? spdlog::level::warn
                  : verbosity == Verbosity::normal ? spdlog::level::info
                                                   : spdlog::level::debug);
  log_->set_formatter(line_formatter(wants_color(color, terminal_)));
}

void Terminal::detail(std::string_view text) {
  say(Level::detail, text);
}

void Terminal::info(std::string_view text) {
  say(Level::info, text);
}

void Terminal::warn(std::string_view text) {
  say(Level::warning, text);
}

void Terminal::error(std::string_view text) {
  held_.clear();
  print(Level::error, text);
}

void Terminal::release() {
  erase_progress();
  holding_ = false;
  for (const auto& [level, text] : held_) print(level, text);
  held_.clear();
}

Progress Terminal::progress() {
  return [this](const ProgressEvent& event) {
    check_interrupt();
    if (verbosity_ != Verbosity::quiet) show(event);
  };
}

void Terminal::say(Level level, std::string_view text) {
  if (holding_)
    held_.emplace_back(level, text);
  else
    print(level, text);
}

void Terminal::print(Level level, std::string_view text) {
  constexpr spdlog::level::level_enum kLevels[] = {spdlog::level::debug, spdlog::level::info,
                                                   spdlog::level::warn, spdlog::level::err};
  erase_progress();
  // A file may have any name; an error or a warning is one line.
  std::string line;
  if (level >= Level::warning) {
    line = printable(text, std::string::npos);
    text = line;
  }
  log_->log(kLevels[static_cast<std::size_t>(level)],
            spdlog::string_view_t(text.data(), text.size()));
}

void Terminal::erase_progress() {
  if (progress_visible_) std::fputs("\r\033[K", stderr);
  progress_visible_ = false;
}

void Terminal::show(const ProgressEvent& event) {
  const auto now = Clock::now();
  if (task_ != event.task) {
    task_ = event.task;
    task_start_ = now;
  }
  const bool finished = event.total > 0 && event.done >= event.total;
  const double seconds = std::chrono::duration<double>(now - task_start_).count();
  if (terminal_) {
    if (finished) {
      erase_progress();
    } else if (now - last_shown_ >= kRedraw) {
      last_shown_ = now;
      std::fputs(fmt::format("\r\033[K{}", describe(event, seconds)).c_str(), stderr);
      std::fflush(stderr);
      progress_visible_ = true;
    }
  } else if (!holding_ && !finished && now - last_shown_ >= kPlainEvery) {
    last_shown_ = now;
    print(Level::info, describe(event, seconds));
  }
}

}  // namespace xalign::cli
