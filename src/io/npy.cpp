#include "io/npy.h"

#include "io/array_vectors.h"

#include <xalign/error.h>
#include <xalign/text.h>

#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <map>

namespace xalign {
namespace {

using namespace std::string_view_literals;

constexpr auto kMagic = "\x93NUMPY"sv;
constexpr auto kBlanks = " \t\r\n"sv;
constexpr std::size_t kFixedBytes = 8;         // magic and version
constexpr std::size_t kWrittenHeader = 128;    // of all that stands before the numbers
constexpr std::size_t kLongestHeader = 65536;  // two axes fit into much less

const std::map<std::string_view, NumberType> kTypes = {
    {"f2", NumberType::f16},      {"f4", NumberType::f32},      {"f8", NumberType::f64},
    {"float16", NumberType::f16}, {"float32", NumberType::f32}, {"float64", NumberType::f64}};

/// The text of a Python dictionary with three keys.
class HeaderText {
 public:
  HeaderText(std::string name, std::string_view text) : name_(std::move(name)), text_(text) {}

  /// What follows `'key':`.
  std::string_view value(std::string_view key) const {
    for (const char quote : {'\'', '"'}) {
      const std::string quoted = fmt::format("{0}{1}{0}", quote, key);
      std::size_t at = text_.find(quoted);
      if (at == std::string_view::npos) continue;
      at = text_.find(':', at + quoted.size());
      if (at == std::string_view::npos) break;
      std::string_view rest = text_.substr(at + 1);
      rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
      return rest;
    }
    fail(fmt::format("an array without '{}'", key));
  }

  [[noreturn]] void fail(const std::string& found) const {
    throw Error(ErrorKind::data, name_, found, "a .npy file as numpy.save writes it",
                "get the file again");
  }

 private:
  std::string name_;
  std::string_view text_;
};

void read_type(const HeaderText& header, const std::string& name, ArrayLayout& layout) {
  std::string_view value = header.value("descr");
  const char quote = value.empty() ? '\0' : value.front();
  const std::size_t end = value.find(quote, 1);
  if ((quote != '\'' && quote != '"') || end == std::string_view::npos)
    throw Error(ErrorKind::data, name, "an array of records", "float16, float32 or float64",
                "save a matrix of floats");
  const std::string_view type = value.substr(1, end - 1);
  const bool has_order = !type.empty() && "<>=|"sv.find(type.front()) != std::string_view::npos;
  const auto found = kTypes.find(type.substr(has_order ? 1 : 0));
  if (found == kTypes.end())
    throw Error(ErrorKind::data, name, fmt::format("an array of type '{}'", printable(type)),
                "float16, float32 or float64", "save it with astype('float32')");
  layout.type = found->second;
  layout.big_endian = type.front() == '>';
}

bool read_flag(const HeaderText& header, std::string_view key) {
  const std::string_view value = header.value(key);
  const std::string_view word = value.substr(0, value.find_first_of(",} \t\r\n"));
  if (word != "True" && word != "False")
    header.fail(fmt::format("an array of {} '{}'", key, printable(word)));
  return word == "True";
}

void read_shape(const HeaderText& header, const std::string& name, ArrayLayout& layout) {
  std::string_view value = header.value("shape");
  const std::size_t end = value.find(')');
  if (!value.starts_with('(') || end == std::string_view::npos)
    header.fail("an array without a shape");
  std::vector<std::uint64_t> extents;
  for (const char *at = value.data() + 1, *stop = value.data() + end; at < stop;) {
    if (*at == ',' || *at == 'L' || kBlanks.find(*at) != std::string_view::npos) {
      ++at;
      continue;
    }
    std::uint64_t extent = 0;
    const auto [next, error] = std::from_chars(at, stop, extent);
    if (error != std::errc()) header.fail("an array with a damaged shape");
    extents.push_back(extent);
    at = next;
  }
  if (extents.size() != 2)
    throw Error(
        ErrorKind::data, name,
        fmt::format("an array with {} ax{}s", extents.size(), extents.size() == 1 ? "i" : "e"),
        "2: words and dimensions", "save the vectors as rows of one matrix");
  layout.rows = extents[0];
  layout.columns = extents[1];
}

}  // namespace

bool is_npy(ByteInput& input) {
  return input.peek(kMagic.size()).starts_with(kMagic);
}

std::unique_ptr<RowSource> open_npy(std::unique_ptr<ByteInput> input, const ReadOptions& options) {
  const std::string name = input->name();
  std::string_view start = input->peek(kFixedBytes + 4);
  if (!start.starts_with(kMagic) || start.size() < kFixedBytes + 4)
    throw Error(ErrorKind::data, name, "no numpy array", "a .npy file as numpy.save writes it",
                "is this the right file?");
  const int version = start[6];
  if (version < 1 || version > 3)
    throw Error(ErrorKind::data, name, fmt::format("a .npy file of version {}", version), "1 to 3",
                "is the file damaged?");
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(start[kFixedBytes + i]));
  };
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  std::size_t length = byte(0) | byte(1) << 8U;
  if (version > 1) length |= byte(2) << 16U | byte(3) << 24U;
  const std::size_t begin = kFixedBytes + length_bytes;
  if (length > kLongestHeader) length = kLongestHeader + 1;
  start = input->peek(begin + length);
  if (length > kLongestHeader || start.size() < begin + length)
    throw Error(ErrorKind::data, name, "a .npy file with a header that is cut short or damaged",
                "a .npy file as numpy.save writes it", "get the file again");
  const HeaderText header(name, start.substr(begin, length));
  ArrayLayout layout;
  read_type(header, name, layout);
  read_shape(header, name, layout);
  layout.columns_first = read_flag(header, "fortran_order");
  input->take(begin + length);
  return open_array(std::move(input), VectorFormat::npy, layout, options);
}

std::unique_ptr<RowSink> create_npy(const SinkRequest& request) {
  const std::size_t bytes = size_of(array_type(request));
  return create_array(request, [bytes, columns = request.dimension](std::uint64_t rows) {
    const std::string dictionary = fmt::format(
        "{{'descr': '<f{}', 'fortran_order': False, 'shape': ({}, {}), }}", bytes, rows, columns);
    const std::size_t length = kWrittenHeader - kFixedBytes - 2;
    std::string header(kMagic);
    header += "\x01\0"sv;
    header += static_cast<char>(length);
    header += '\0';
    return header + fmt::format("{:<{}}\n", dictionary, length - 1);
  });
}

}  // namespace xalign
