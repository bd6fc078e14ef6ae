#include "core/parallel_for.h"
#include "support/catch.hpp"

#include <xalign/parallel.h>

#include <stdexcept>
#include <vector>

TEST_CASE("parallel_for visits every index once") {
  for (const int threads : {1, 2, 5}) {
    const xalign::ThreadLimit limit(threads);
    std::vector<int> visits(1000);
    xalign::parallel_for(visits.size(), [&](std::size_t i) { ++visits[i]; });
    REQUIRE(visits == std::vector<int>(1000, 1));
  }
}

TEST_CASE("an exception of one index reaches the caller") {
  REQUIRE_THROWS_AS(xalign::parallel_for(100,
                                         [](std::size_t i) {
                                           if (i == 37) throw std::runtime_error("37");
                                         }),
                    std::runtime_error);
}

TEST_CASE("a thread limit ends with its scope") {
  const int before = xalign::thread_count();
  {
    const xalign::ThreadLimit limit(before + 1);
    REQUIRE(xalign::thread_count() == before + 1);
  }
  REQUIRE(xalign::thread_count() == before);
}

TEST_CASE("blocks cover the whole range") {
  const xalign::Blocks blocks{10, 4};
  REQUIRE(blocks.count() == 3);
  REQUIRE(blocks.begin(2) == 8);
  REQUIRE(blocks.length(2) == 2);
  REQUIRE(xalign::Blocks{0, 4}.count() == 0);
}
