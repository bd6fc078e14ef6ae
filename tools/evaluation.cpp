#include "evaluation.h"

#include "inputs.h"

#include <xalign/error.h>

#include <fmt/format.h>

#include <cmath>

namespace xalign::cli {

const std::string& only_file(const DictionaryOptions& options, const char* what) {
  if (options.files.empty())
    throw Error(ErrorKind::config, "--dictionary", "not given", what, "add -d FILE");
  if (options.files.size() > 1)
    throw Error(ErrorKind::config, "--dictionary", "given more than once", what,
                "score one file at a time");
  return options.files.front();
}

namespace {

std::string none_covered(std::string_view noun, Index total) {
  const std::string_view missing = noun == "word" ? "is in the vectors"
                                   : total == 1   ? "has not all its words in the vectors"
                                                  : "has all its words in the vectors";
  if (total > 1)
    return fmt::format("none of {} {}", counted(static_cast<std::uint64_t>(total), noun), missing);
  return noun == "word" ? "its only word is not in the vectors"
                        : fmt::format("its only {} {}", noun, missing);
}

}  // namespace

void report_coverage(const std::string& path, const char* noun, Index covered, Index total,
                     Index lower, Session& session) {
  const std::string file = display_name(path);
  if (covered == 0)
    throw Error(ErrorKind::data, file, none_covered(noun, total), "at least one",
                lower > 0 ? fmt::format("--case lower would cover {}", lower)
                          : "check the language and the spelling");
  session.terminal.info(
      fmt::format("{}: {} of {} covered ({})", file, grouped(static_cast<std::uint64_t>(covered)),
                  counted(static_cast<std::uint64_t>(total), noun), percent(covered, total)));
  if (lower <= covered) return;
  const std::string gain = fmt::format("{}: --case lower would cover {} more", file,
                                       counted(static_cast<std::uint64_t>(lower - covered), noun));
  (lower - covered) * 20 >= total ? session.terminal.warn(gain) : session.terminal.info(gain);
}

void warn_of_few(const std::string& path, Index covered, const char* one, const char* many,
                 Session& session) {
  constexpr Index kFew = 10;
  if (covered > 0 && covered < kFew)
    session.terminal.warn(fmt::format(
        "{}: only {} {} covered: these figures tell little", display_name(path), covered,
        covered == 1 ? fmt::format("{} is", one) : fmt::format("{} are", many)));
}

std::string rate_text(double rate) {
  return std::isnan(rate) ? "-" : fmt::format("{:.2f}", 100 * rate);
}

std::string number_text(double value) {
  return std::isnan(value) ? "-" : fmt::format("{:.4f}", value);
}

Json number_json(double value) {
  return std::isnan(value) ? Json() : Json(rounded(value));
}

}  // namespace xalign::cli
