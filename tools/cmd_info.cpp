#include "commands.h"
#include "file_info.h"
#include "inputs.h"
#include "output.h"

namespace xalign::cli {
namespace {

struct InfoOptions {
  InputOptions input;
  OutputStyle style = OutputStyle::text;
};

void define(CLI::App& app, InfoOptions& o) {
  add_input_options(app, o.input);
  add_style_options(app, o.style, false);
}

int run(const InfoOptions& o, Session& session) {
  session.arguments.require({"FILE"}, true);
  check_single_stdin(session.arguments.values, session);
  session.warn_without_effect({"--seed", "--memory"}, "here");
  Json files = Json::array();
  for (const std::string& path : session.arguments.values) {
    const Json info = file_info(path, o.input, session);
    if (o.style == OutputStyle::text) write_stdout(info_text(info));
    files.push_back(info);
  }
  if (o.style == OutputStyle::json) {
    Json json = json_result("info");
    json["files"] = std::move(files);
    print_json(json);
  }
  return kDone;
}

}  // namespace

void add_info(Program& program) {
  program.add<InfoOptions>("info", define, run);
}

}  // namespace xalign::cli
