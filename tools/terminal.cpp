#include "terminal.h"

#include "interrupt.h"

#include <fmt/format.h>

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

}  // namespace

Terminal::Terminal()
    : terminal_(isatty(STDERR_FILENO) == 1),
      color_(wants_color(ColorChoice::automatic, terminal_)),
      holding_(!terminal_) {}

void Terminal::configure(Verbosity verbosity, ColorChoice color) {
  verbosity_ = verbosity;
  color_ = wants_color(color, terminal_);
}

void Terminal::detail(std::string_view text) {
  if (verbosity_ == Verbosity::verbose) line(std::string(text));
}

void Terminal::info(std::string_view text) {
  if (verbosity_ != Verbosity::quiet) line(std::string(text));
}

void Terminal::warn(std::string_view text) {
  line(fmt::format("{}{}", label("xalign: warning: ", "\033[33m"), text));
}

void Terminal::error(std::string_view text) {
  held_.clear();
  erase_progress();
  print(fmt::format("{}{}", label("xalign: error: ", "\033[31m"), text));
}

void Terminal::release() {
  erase_progress();
  holding_ = false;
  for (const std::string& text : held_) print(text);
  held_.clear();
}

Progress Terminal::progress() {
  return [this](const ProgressEvent& event) {
    check_interrupt();
    if (verbosity_ != Verbosity::quiet) show(event);
  };
}

void Terminal::line(std::string text) {
  if (holding_) {
    held_.push_back(std::move(text));
    return;
  }
  erase_progress();
  print(text);
}

void Terminal::print(std::string_view text) {
  // A closed standard error is no reason to fail.
  std::fputs(fmt::format("{}\n", text).c_str(), stderr);
  std::fflush(stderr);
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
  } else if (!finished && now - last_shown_ >= kPlainEvery) {
    last_shown_ = now;
    release();
    print(describe(event, seconds));
  }
}

std::string Terminal::label(std::string_view word, std::string_view escape) const {
  return color_ ? fmt::format("{}{}\033[0m", escape, word) : std::string(word);
}

}  // namespace xalign::cli
