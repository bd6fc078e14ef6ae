#include "options.h"

#include "core/names.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cmath>

namespace xalign::cli {
namespace {

// The name messages use: the last of "-o,--output".
std::string full_name(const std::string& names) {
  return names.substr(names.rfind(',') + 1);
}

std::string quoted(const std::string& text) {
  return fmt::format("'{}'", printable(text));
}

Error bad_value(const std::string& option, const std::string& text, const std::string& expected,
                const std::string& remedy = {}) {
  return Error(ErrorKind::config, option, quoted(text), expected, remedy);
}

}  // namespace

CLI::Option* add_flag(CLI::App& app, const std::string& names, bool& value,
                      const std::string& text) {
  return app.add_flag(names, value, text)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

CLI::Option* add_text(CLI::App& app, const std::string& names, std::string& value,
                      const std::string& metavar, const std::string& text) {
  return add_parsed(app, names, metavar, text, [&value](const std::string& v) { value = v; });
}

CLI::Option* add_parsed(CLI::App& app, const std::string& names, const std::string& metavar,
                        const std::string& text, std::function<void(const std::string&)> parse) {
  const std::string option = full_name(names);
  return app
      .add_option_function<std::string>(
          names,
          [parse = std::move(parse), option](const std::string& value) {
            if (value.empty()) throw Error(ErrorKind::config, option, "no value", "one");
            parse(value);
          },
          text)
      ->type_name(metavar);
}

CLI::Option* add_repeated(CLI::App& app, const std::string& names, const std::string& metavar,
                          const std::string& text, std::function<void(const std::string&)> parse) {
  const std::string option = full_name(names);
  return app
      .add_option_function<std::vector<std::string>>(
          names,
          [parse = std::move(parse), option](const std::vector<std::string>& values) {
            for (const std::string& value : values) {
              if (value.empty()) throw Error(ErrorKind::config, option, "no value", "one");
              parse(value);
            }
          },
          text)
      ->type_name(metavar)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

CLI::Option* add_integer(CLI::App& app, const std::string& names, std::int64_t low,
                         std::int64_t high, std::function<void(std::int64_t)> set,
                         const std::string& text) {
  return add_parsed(app, names, "N", text,
                    [option = full_name(names), low, high, set = std::move(set)](
                        const std::string& v) { set(parse_integer(option, v, low, high)); });
}

CLI::Option* add_real(CLI::App& app, const std::string& names, double low, double high,
                      std::function<void(double)> set, const std::string& text) {
  return add_parsed(app, names, "X", text,
                    [option = full_name(names), low, high, set = std::move(set)](
                        const std::string& v) { set(parse_real(option, v, low, high)); });
}

CLI::Option* add_choice(CLI::App& app, const std::string& names, std::vector<std::string> choices,
                        std::function<void(std::size_t)> set, const std::string& text) {
  const std::string metavar = fmt::format("{}", fmt::join(choices, "|"));
  return add_parsed(app, names, metavar, text,
                    [option = full_name(names), choices = std::move(choices), set = std::move(set)](
                        const std::string& v) { set(parse_choice(option, v, choices)); });
}

std::int64_t parse_integer(const std::string& option, const std::string& text, std::int64_t low,
                           std::int64_t high) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && stop == end && value >= low && value <= high) return value;
  const bool open = high >= std::numeric_limits<std::int32_t>::max();
  throw bad_value(option, text,
                  open ? fmt::format("a whole number from {}", low)
                       : fmt::format("a whole number from {} to {}", low, high));
}

double parse_real(const std::string& option, const std::string& text, double low, double high) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && stop == end && value >= low && value <= high) return value;
  std::string expected = "a number";
  if (std::isfinite(low)) expected += fmt::format(" from {}", low);
  if (std::isfinite(high)) expected += fmt::format(" to {}", high);
  throw bad_value(option, text, expected);
}

std::size_t parse_choice(const std::string& option, const std::string& text,
                         const std::vector<std::string>& choices) {
  for (std::size_t i = 0; i < choices.size(); ++i)
    if (choices[i] == text) return i;
  const std::vector<std::string_view> names(choices.begin(), choices.end());
  throw bad_value(option, text, list_names(names), did_you_mean(text, names));
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> items;
  std::size_t begin = 0;
  while (true) {
    const std::size_t comma = text.find(',', begin);
    items.push_back(text.substr(begin, comma - begin));
    if (comma == std::string::npos) return items;
    begin = comma + 1;
  }
}

}  // namespace xalign::cli
