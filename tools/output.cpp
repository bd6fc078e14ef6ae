#include "output.h"

#include "interrupt.h"
#include "io/output_file.h"
#include "io/pending_file.h"
#include "io/row_names.h"

#include <xalign/error.h>
#include <xalign/text.h>
#include <xalign/version.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace xalign::cli {
namespace {

/// A file that will be written.
struct Output {
  std::string path;
  std::string of;  // the vectors that it holds the words of; empty where it was named itself

  std::string remedy() const {
    return of.empty() ? "" : fmt::format("the words of {} are written there", of);
  }
};

/// What tells a regular file that is open from others.
using FileNumber = std::pair<dev_t, ino_t>;

std::optional<FileNumber> number_of(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return FileNumber{status.st_dev, status.st_ino};
}

/// Whether a path leads to the regular file behind a descriptor.
bool leads_to(const std::string& path, int descriptor) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 &&
         number_of(descriptor) == FileNumber{status.st_dev, status.st_ino};
}

/// @param input  "-" is the file that was led into standard input
bool is_same_file(const std::string& output, const std::string& input) {
  if (input == "-") return leads_to(output, STDIN_FILENO);
  std::error_code ignored;
  return std::filesystem::equivalent(output, input, ignored);
}

/// Whether standard output was led into a regular file that is the input, which may be standard
/// input: `>> FILE`.
bool is_standard_output(const std::string& input) {
  if (input != "-") return leads_to(input, STDOUT_FILENO);
  const auto output = number_of(STDOUT_FILENO);
  return output && output == number_of(STDIN_FILENO);
}

/// Where a file is, or will be: links lead there even if nothing is there yet.
std::filesystem::path place_of(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::weakly_canonical(follow_links(std::filesystem::absolute(path, ignored)),
                                           ignored);
}

void check_different(const std::vector<Output>& outputs) {
  std::vector<std::filesystem::path> files;
  for (const Output& output : outputs) {
    const auto file = output.path == "-" ? std::filesystem::path("-") : place_of(output.path);
    if (std::ranges::find(files, file) != files.end())
      throw Error(ErrorKind::config, output.path, "named for two outputs", "a file for each",
                  output.remedy());
    files.push_back(file);
  }
}

bool has_words_beside(const std::string& output, const WriteOptions& options) {
  const VectorFormat format = output_format(output, options.format);
  return format == VectorFormat::npy || format == VectorFormat::safetensors;
}

bool selects_words(const Session& session) {
  for (const char* name : {"--max-vocab", "--vocab", "--min-count", "--script", "--words"})
    if (const CLI::Option* option = session.parser.get_option_no_throw(name);
        option != nullptr && option->count() > 0)
      return true;
  return false;
}

/// Whether an input has no words of its own and takes them from this file.
bool holds_words_of(const std::string& path, const std::string& input, const Session& session) {
  std::error_code ignored;
  if (session.given("--words-file") || !std::filesystem::is_regular_file(input, ignored))
    return false;
  const auto words = find_words_beside(input);
  return words && is_same_file(path, *words) && is_without_words(input);
}

}  // namespace

void write_stdout(std::string_view text) {
  OutputFile out("-");
  out.write(text);
  out.close();
}

void require_output(const char* option, const std::string& path, const char* what) {
  if (path.empty())
    throw Error(ErrorKind::config, option, "not given", what, fmt::format("add {} FILE", option));
  check_writable(path);
}

void refuse_clashes(const std::vector<std::string>& outputs, const Session& session) {
  refuse_clashes(outputs, {}, {}, session);
}

void refuse_clashes(const std::vector<std::string>& outputs,
                    const std::vector<std::string>& vectors, const WriteOptions& options,
                    const Session& session) {
  std::vector<Output> all;
  for (const std::string& output : outputs)
    if (!output.empty()) all.push_back({output, {}});
  for (const std::string& output : vectors) {
    if (output.empty()) continue;
    all.push_back({output, {}});
    if (has_words_beside(output, options)) all.push_back({words_path_beside(output), output});
  }
  check_different(all);
  std::vector<std::string> inputs = session.named_files();
  for (const Output& output : all)
    if (const auto own = std::ranges::find(inputs, output.path);
        output.of.empty() && own != inputs.end())
      inputs.erase(own);
  for (const Output& output : all)
    for (const std::string& input : inputs) {
      if (output.path == "-" && is_standard_output(input))
        throw Error(ErrorKind::config, "standard output",
                    input == "-" ? "the same file as standard input"
                                 : fmt::format("the same file as the input {}", input),
                    "two different files", "lead it into another file");
      if (is_same_file(output.path, input))
        throw Error(ErrorKind::config, output.path,
                    output.path == input ? "named for input and output"
                    : input == "-"       ? "the same file as standard input"
                                         : fmt::format("the same file as the input {}", input),
                    "two different files", output.remedy());
      // Arrays of the same words may share their list.
      const bool shared = !output.of.empty() && !selects_words(session);
      if (!shared && holds_words_of(output.path, input, session))
        throw Error(ErrorKind::config, output.path, fmt::format("the words of the input {}", input),
                    "another file", output.remedy());
    }
}

void refuse_shortened_words(const std::string& output, const std::string& input,
                            const ReadReport& read, const WriteOptions& options,
                            const Session& session) {
  if (read.duplicates == 0 || output == "-" || !has_words_beside(output, options)) return;
  const std::string words = words_path_beside(output);
  if (holds_words_of(words, input, session))
    throw Error(ErrorKind::config, words,
                fmt::format("the words of the input {}, of which duplicates are dropped", input),
                "another file", Output{words, output}.remedy());
}

void check_writable(const std::string& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  const bool special =
      std::filesystem::exists(status) && !is_regular_file(status) && !is_directory(status);
  // A pipe's reader would take the probe for the end.
  if (!path.empty() && path != "-" && !special) OutputFile probe(path);
}

void check_vector_outputs(const std::vector<std::string>& paths, const WriteOptions& options,
                          Session& session) {
  bool text = false, typed = false;
  std::vector<std::string_view> others;  // formats that are not text
  for (const std::string& path : paths) {
    if (path.empty()) continue;
    const VectorFormat format = output_format(path, options.format);
    check_writable(path);
    const bool array = format == VectorFormat::npy || format == VectorFormat::safetensors;
    if (array && options.store.type == StoreType::int8)
      throw Error(ErrorKind::config, "--type", fmt::format("int8 for {}", to_string(format)),
                  "f32, f16 or f64", "only a store (.xvec) keeps 8-bit numbers");
    if (format == VectorFormat::xvec && options.array == ArrayType::f64)
      throw Error(ErrorKind::config, "--type", "f64 for a store", "f32, f16 or int8");
    typed = typed || array || format == VectorFormat::xvec;
    if (format == VectorFormat::vec || format == VectorFormat::glove)
      text = true;
    else if (std::ranges::find(others, to_string(format)) == others.end())
      others.push_back(to_string(format));
  }
  if (!text && !others.empty())
    session.warn_without_effect({"--precision"}, fmt::format("on {}", fmt::join(others, " and ")));
  if (!typed && text + others.size() > 0)
    session.warn_without_effect({"--type"}, "unless a store or an array is written");
}

void write_file(const std::string& path, std::string_view text) {
  const OutputGuard guard;
  OutputFile out(path);
  out.write(text);
  out.close();
}

Json json_result(std::string_view kind) {
  return {{"xalign", XALIGN_VERSION}, {"kind", kind}, {"version", 1}};
}

void print_json(const Json& json) {
  write_stdout(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

double rounded(double value) {
  const double result = std::round(value * 1e6) / 1e6;
  return result == 0 ? 0 : result;
}

std::string score_text(double value) {
  return fmt::format("{:.6f}", rounded(value));
}

std::string tsv_field(std::string_view word) {
  std::string field;
  for (const char c : word) {
    if (c == '\t') {
      field += "\\t";
    } else if (c == '\n') {
      field += "\\n";
    } else if (c == '\r') {
      field += "\\r";
    } else {
      field += c;
    }
  }
  return field;
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string byte_size(std::uint64_t bytes) {
  constexpr std::array kUnits = {"bytes", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1000 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
  return fmt::format("{:.{}f} {}", value, unit < 3 ? 0 : 1, kUnits[unit]);
}

std::string percent(double part, double whole) {
  return whole > 0 ? fmt::format("{:.1f} %", 100 * part / whole) : "-";
}

Table::Table(std::vector<std::string> header) {
  for (std::string& title : header) {
    left_.push_back(title.starts_with('<'));
    if (left_.back()) title.erase(0, 1);
  }
  rows_.push_back(std::move(header));
}

void Table::add(std::vector<std::string> row) {
  rows_.push_back(std::move(row));
}

std::string Table::text() const {
  std::vector<std::size_t> widths(left_.size(), 0);
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  std::string out;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string gap(widths[i] - display_width(row[i]), ' ');
      line += left_[i] ? row[i] + gap : gap + row[i];
      line += "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string Table::tsv() const {
  std::string out;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) out += (i > 0 ? "\t" : "") + row[i];
    out += '\n';
  }
  return out;
}

}  // namespace xalign::cli
