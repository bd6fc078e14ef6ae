#pragma once

#include "session.h"

#include <xalign/learn.h>

#include <CLI/App.hpp>

#include <functional>
#include <string>

namespace xalign::cli {

/// What is seen and kept of a long run.
struct LearnWatchOptions {
  double time_limit = 0;  ///< seconds; 0 = none
  std::string checkpoint;
  std::string log;
};

/// `--time-limit`, `--checkpoint` and `--log`.
void add_learn_watch_options(CLI::App& app, LearnWatchOptions& options);

/// Prints and logs iterations, writes checkpoints and goes on from them.
class LearnWatch {
 public:
  LearnWatch(const LearnWatchOptions& options, Session& session)
      : options_(options), session_(session) {}

  /// Adds what it wants to know to `learn`, then calls `run`, which uses it. After Ctrl-C and when
  /// the time is over the checkpoint stays; else it is removed.
  LearnResult run(LearnOptions& learn, const std::function<LearnResult()>& run);

 private:
  const LearnWatchOptions& options_;
  Session& session_;
};

}  // namespace xalign::cli
