// The only place that names the test framework, so that moving to Catch2 v3 is one line.
#pragma once
#include <catch2/catch.hpp>
